"""Reports as one HTML file each, which opens offline and loads nothing.

    document.py     the page: its style (page.css) and script (page.js) inlined, and a policy
    texts.py        every text is redacted and escaped here
    plan.py         a plan: coverage.py, map.py, checklist.py, then file by file the diff
                    (hunks.py, changes.py) and the places (places.py)
    scan.py         a scan: the map and the places
    flows.py        which files hand values to which; layout.py: where they stand on the map
    becoming.py     what becomes of places, as words, colours and bars

A comparison is in `reports/comparisons/html.py`, and on the page of a plan where one is handed in.
"""

from migrator.reports.html.plan import plan_html
from migrator.reports.html.scan import scan_html

__all__ = ["plan_html", "scan_html"]
