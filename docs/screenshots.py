"""Make the pictures of the report page anew: `python docs/screenshots.py` (needs Chromium).

The page is that of the example application, in every language there is.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from migrator import language, workflow  # noqa: E402
from migrator.reports.html import plan_html  # noqa: E402
from tests import browser  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1280, 1250
LANGUAGES = {"en": language.ENGLISH, "zh": language.CHINESE}


def main() -> None:
    program = browser.find()
    if program is None:
        raise SystemExit("no Chromium was found")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser.tab(program) as tab:
        app = Path(folder, "example_app")
        shutil.copytree(ROOT / "fixtures" / "example_app", app)
        for name, chosen in LANGUAGES.items():
            language.use(chosen)
            told, _root = workflow.tell([app], workflow.Options("bailian"))
            page = Path(folder, f"{name}.html")
            page.write_text(plan_html(told), encoding="utf-8")
            tab.size(WIDTH, HEIGHT)
            tab.media(prefers_color_scheme="light")
            tab.open(browser.address(page))
            place = IMAGES / f"report-{name}.png"
            place.write_bytes(tab.picture())
            print(place.relative_to(ROOT), f"{place.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
