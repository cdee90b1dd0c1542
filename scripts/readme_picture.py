"""docs/images: the desk for the two READMEs, and pages at the phone for the guides. Fails when one is over 200 KB."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from scripts.chromium import launched  # noqa: E402
from scripts.screenshots import opened, server, signed_in  # noqa: E402

FOLDER = ROOT / "docs" / "images"
PHONE = (390, 720)
PICTURES = {
    "desk": ("林晓彤", "/", (1280, 800)),
    "sign-phone": ("徐国栋", "/ > a.what[href^='/sign/']", PHONE),
    "report-phone": ("赵思远", "/ > #main a[href^='/reports/']", PHONE),
}
LARGEST = 200 * 1024


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with server() as address, launched() as browser:
        for name, (whom, way, (width, height)) in PICTURES.items():
            page = signed_in(browser, address, whom, "zh-hans", "light").new_page()
            page.set_viewport_size({"width": width, "height": height})
            opened(page, address, way)
            page.wait_for_timeout(300)
            page.screenshot(path=FOLDER / f"{name}.png")
    sizes = {name: (FOLDER / f"{name}.png").stat().st_size for name in PICTURES}
    print("\n".join(f"docs/images/{name}.png: {size // 1024} KB" for name, size in sizes.items()))
    return 0 if max(sizes.values()) <= LARGEST else 1


if __name__ == "__main__":
    sys.exit(main())
