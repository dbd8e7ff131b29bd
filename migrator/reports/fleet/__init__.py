"""Reports on many repositories: one page, a table, JSON, a summary, and the script that pushes."""

from __future__ import annotations

from collections.abc import Mapping

from migrator import language
from migrator.fleet.summary import Fleet


def reports(fleet: Fleet) -> Mapping[str, str]:
    """Every report by the name of its file."""
    from migrator.reports.fleet.html import fleet_html
    from migrator.reports.fleet.markdown import fleet_markdown
    from migrator.reports.fleet.script import push_script
    from migrator.reports.fleet.tables import fleet_csv, fleet_json

    found = {
        "index.html": fleet_html(fleet),
        "fleet.md": fleet_markdown(fleet),
        "fleet.csv": fleet_csv(fleet),
    }
    spoken = language.use(language.ENGLISH)
    try:
        found["fleet.json"] = fleet_json(fleet)
    finally:
        language.use(spoken)
    if fleet.branches:
        found["push.sh"] = push_script(fleet)
    return found
