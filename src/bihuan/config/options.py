"""The one table of options. Every option is an environment variable `BIHUAN_<NAME>`; secrets also take `…_FILE`.

`docs/admin/options.md` shows this table and a test compares the two.
"""

import os
from collections.abc import Iterable
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = ("secret_key", "database_url", "mail_password")
PREFIX = "BIHUAN_"
OF_TESTS = f"{PREFIX}TEST_"


class Options(BaseSettings):
    """What an administrator may set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    mode: str = Field(
        "demo",
        pattern="^(production|demo|test)$",
        description=(
            "`production` for a company's real work; `demo` offers the demo company and the person switcher; "
            "`test` is for the test suite."
        ),
    )
    data_dir: Path = Field(Path("data"), description="The one directory into which everything is written.")
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on.")
    public_url: str = Field("", description="The address people type, with scheme. Needed in production.")
    secret_key: str = Field(
        "",
        description=(
            "Signs sessions. At least 50 characters. Left empty outside production, one is made in the data directory."
        ),
    )
    database_url: str = Field(
        "", description=("`sqlite:///path` or `postgresql://…`. Left empty, an SQLite file in the data directory.")
    )
    language: str = Field("zh-hans", pattern="^(zh-hans|en)$", description="Language before a person has chosen one.")
    time_zone: str = Field("Asia/Shanghai", description="Time zone of the head office.")
    threads: int = Field(8, ge=1, le=64, description="Threads that answer pages in one process.")
    trusted_proxies: str = Field(
        "", description="Comma-separated addresses whose `X-Forwarded-*` headers are believed."
    )
    mail_host: str = Field("", description="SMTP server for notices. Left empty, notices stay in the inbox.")
    mail_port: int = Field(587, ge=1, le=65535, description="Port of the SMTP server.")
    mail_security: str = Field(
        "starttls",
        pattern="^(none|starttls|tls)$",
        description="`starttls`, `tls` from the first byte (usually port 465), or `none` for a server in the house.",
    )
    mail_user: str = Field("", description="Account on the SMTP server, if it asks for one.")
    mail_password: str = Field("", description="Password of that account.")
    mail_from: str = Field(
        "", pattern=r"^([^@\s<>]+@[^@\s<>]+)?$", description="Address that notices come from. Needed with `mail_host`."
    )
    witness_file: str = Field(
        "",
        description=(
            "File to which the signed state of the ledger is added, on a disk of which the database's administrator "
            "is not master."
        ),
    )
    witness_url: str = Field(
        "",
        pattern=r"^(https://\S+|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?)?$",
        description="Address to which the same is sent (`POST`, JSON); `http` only within the machine.",
    )
    witness_mail: str = Field(
        "", pattern=r"^([^@\s<>]+@[^@\s<>]+)?$", description="Address to which the same is mailed. Needs `mail_host`."
    )
    witness_every: int = Field(60, ge=1, le=1440, description="Minutes between two states of the ledger so given away.")
    imports_kept: int = Field(
        90,
        ge=1,
        le=36500,
        description="Days after the end of an import until the files handed in for it are thrown away.",
    )
    notices_kept: int = Field(
        365,
        ge=30,
        le=36500,
        description="Days a notice is kept after it was read; the ledger keeps the facts.",
    )
    clock_offset: int = Field(0, description="Seconds added to the clock. Only in demo and test.")
    debug: bool = Field(default=False, description="Show errors in the browser. Refused in production.")

    @model_validator(mode="before")
    @classmethod
    def secrets_from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in SECRETS:
            path = os.environ.get(f"{PREFIX}{name.upper()}_FILE")
            if path and not values.get(name):
                values[name] = Path(path).read_text(encoding="utf-8").strip()
        return values

    @field_validator("data_dir")
    @classmethod
    def absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("public_url")
    @classmethod
    def origin(cls, value: str) -> str:
        return value.strip().rstrip("/")

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    @property
    def clock_shift(self) -> timedelta:
        """How far the clock is moved: not at all in production, whatever the option says."""
        return timedelta(0) if self.is_production else timedelta(seconds=self.clock_offset)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'bihuan.sqlite3'}"


def mistyped(environment: Iterable[str]) -> dict[str, str]:
    """Variables that begin like an option and are none, each with the one that looks most like it, or nothing."""
    known = [*map(str.upper, Options.model_fields), *(f"{name.upper()}_FILE" for name in SECRETS)]
    said = {name: name.upper().removeprefix(PREFIX) for name in sorted(environment) if name.upper().startswith(PREFIX)}
    return {
        name: next((f"{PREFIX}{like}" for like in get_close_matches(word, known, n=1)), "")
        for name, word in said.items()
        if word not in known and not name.startswith(OF_TESTS)
    }
