"""docs/images/desk.png: the desk of the demo's product manager, for the two READMEs. Fails when it is over 200 KB."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from scripts.chromium import launched  # noqa: E402
from scripts.screenshots import server, signed_in  # noqa: E402

TARGET = ROOT / "docs" / "images" / "desk.png"
WHOM = "林晓彤"
SIZE = {"width": 1280, "height": 800}
LARGEST = 200 * 1024


def main() -> int:
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with server() as address, launched() as browser:
        page = signed_in(browser, address, WHOM, "zh-hans", "light").new_page()
        page.set_viewport_size(SIZE)
        page.goto(address, wait_until="load")
        page.wait_for_timeout(300)
        page.screenshot(path=TARGET)
    size = TARGET.stat().st_size
    print(f"{TARGET.relative_to(ROOT)}: {size // 1024} KB")
    return 0 if size <= LARGEST else 1


if __name__ == "__main__":
    sys.exit(main())
