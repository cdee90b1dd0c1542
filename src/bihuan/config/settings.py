"""Django settings, derived from the one table of options."""

import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from bihuan.config.options import Options

OPTIONS = Options()
PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = OPTIONS.data_dir
MODE = OPTIONS.mode
DEMO = OPTIONS.mode == "demo"
DEBUG = OPTIONS.debug
SQLITE_INIT = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000;"


def kept_secret(path: Path) -> str:
    """A key made once per data directory, for demo and test only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def database(url: str) -> dict[str, Any]:
    parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    if parsed["ENGINE"].endswith("sqlite3"):
        Path(parsed["NAME"]).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        parsed["OPTIONS"] = {"init_command": SQLITE_INIT, "transaction_mode": "IMMEDIATE", "timeout": 10}
    return parsed


SECRET_KEY = OPTIONS.secret_key or ("" if OPTIONS.is_production else kept_secret(DATA_DIR / "secret_key"))
ALLOWED_HOSTS = (
    [OPTIONS.public_url.split("//")[-1].split("/")[0].split(":")[0]]
    if OPTIONS.public_url
    else ["localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [OPTIONS.public_url] if OPTIONS.public_url else []

ROOMS = [
    "outbox", "documents", "ledger", "organisation", "access", "search", "notifications", "files", "deadlines",
    "commitments", "records", "approvals", "collaborations", "agenda", "plans", "issues", "resources", "progress",
    "knowledge", "evidence",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    *(f"bihuan.{room}.apps.{room.capitalize()}Config" for room in ROOMS),
    "bihuan.integrations.apps.IntegrationsConfig",
    "bihuan.web.apps.WebConfig",
    "bihuan.api.apps.ApiConfig",
    "bihuan.config.apps.ConfigConfig",
]
# Subdomains and preload lists are the company's to decide; sending http to https is for the proxy that ends TLS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
MIDDLEWARE = [
    "bihuan.web.middleware.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bihuan.web.middleware.EdgeMiddleware",
]
ROOT_URLCONF = "bihuan.config.urls"
WSGI_APPLICATION = "bihuan.config.wsgi.application"
DATABASES = {"default": database(OPTIONS.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "organisation.Person"
LOGIN_URL = "signin:login"
LOGIN_REDIRECT_URL = "desk:desk"
LOGOUT_REDIRECT_URL = "signin:login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
    if OPTIONS.mode == "test"
    else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {"environment": "bihuan.web.jinja.environment"},
    },
]

LANGUAGE_CODE = OPTIONS.language
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = sorted(path for path in PACKAGE.glob("**/locale") if path.is_dir())
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = OPTIONS.time_zone
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "bihuan.web.errors.forbidden"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = False
SESSION_COOKIE_NAME = f"bihuan_session_{OPTIONS.port}"
CSRF_COOKIE_NAME = f"bihuan_csrf_{OPTIONS.port}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OPTIONS.is_production
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if OPTIONS.is_production else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if OPTIONS.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.security": {"level": "ERROR"}},
}
