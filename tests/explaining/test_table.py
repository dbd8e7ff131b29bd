"""The decision table has no hole: every name has a decision, every blocker says where to go."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

from migrator.analysis import surface
from migrator.analysis.calls import without_raw
from migrator.decisions import Severity
from migrator.explaining.page import page
from migrator.explaining.table import SECTIONS, Becomes, Entry, entries, entry
from migrator.providers import Provider, load_provider, provider_ids
from tests.sdk.install import installed
from tests.test_programs import EVERYTHING

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
# What the installed package offers, as it says itself: method paths, and names of the module.
INTROSPECTION = """
import inspect, json, openai
from openai._resource import SyncAPIResource

def paths(owner, prefix):
    for name in sorted(set(dir(type(owner))) | set(vars(owner))):
        if name.startswith("_") or name.startswith("with_") and name != "with_options":
            continue
        try:
            found = getattr(owner, name)
        except Exception:
            continue
        if isinstance(found, SyncAPIResource):
            yield from paths(found, f"{prefix}{name}.")
        elif prefix and inspect.ismethod(found):
            yield prefix + name

client = openai.OpenAI(api_key="sk-test")
public = [name for name in openai.__all__ if not name.startswith("__")]
classes = [name for name in public if inspect.isclass(getattr(openai, name))]
errors = [name for name in classes if issubclass(getattr(openai, name), Exception)]
print(json.dumps({"methods": list(paths(client, "")), "public": public, "errors": errors}))
"""


@cache
def rows(provider: str) -> dict[tuple[str, str], Entry]:
    whole = EVERYTHING or provider == PLANNED[0]
    sections = SECTIONS if whole else [one for one in SECTIONS if one != "framework"]
    return {(row.section, row.name): row for row in entries(load_provider(provider), sections)}


OLD = "openai-0"
# Planning every name takes seconds: by default for one that serves most, and one that serves least.
PLANNED = provider_ids() if EVERYTHING else ("bailian", "moonshot")
SDKS = ["of this environment", *(name for name in installed() if name != OLD)]


@pytest.fixture(scope="module", params=SDKS)
def offered(request: pytest.FixtureRequest) -> dict[str, list[str]]:
    """What an installed openai offers: the newest of an environment, or one installed apart."""
    folder = installed().get(request.param)
    environment = {**os.environ, "PYTHONPATH": str(folder) if folder else ""}
    done = subprocess.run(
        [sys.executable, "-c", INTROSPECTION],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


Check = Callable[[Provider, Mapping[tuple[str, str], Entry]], None]
CHECKS: list[Check] = []
AT_LEAST: Mapping[surface.Section, int] = {
    "method": 479,
    "legacy_class": 15,
    "legacy_call": 100,
    "client": 16,
    "setting": 28,
    "exception": 57,
    "type": 60,
}


def of_every_table(check: Check) -> Check:
    """Hold what a check says against the table of every provider that is planned."""
    CHECKS.append(check)
    return check


@pytest.mark.parametrize("provider", PLANNED)
def test_what_holds_for_the_table(provider: str) -> None:
    """One test for all, since making the table takes seconds."""
    profile, table = load_provider(provider), rows(provider)
    for check in CHECKS:
        check(profile, table)


@of_every_table
def the_catalogue_is_whole_and_each_name_has_a_row(
    profile: Provider, table: Mapping[tuple[str, str], Entry]
) -> None:
    for section, at_least in AT_LEAST.items():
        names = surface.every(section)
        assert len(names) >= at_least
        assert [name for name in names if (section, name) not in table] == []


@of_every_table
def no_decision_is_for_want_of_one(
    profile: Provider, table: Mapping[tuple[str, str], Entry]
) -> None:
    vague = {"no source says that this endpoint exists", "nothing was planned for"}
    holes = [
        row.name
        for row in table.values()
        if not row.why or any(row.why.startswith(one) for one in vague)
    ]
    assert holes == []


@of_every_table
def what_the_analysis_takes_for_no_request_sends_none(
    profile: Provider, table: Mapping[tuple[str, str], Entry]
) -> None:
    """Of a method without a site nothing is decided: it must be one that sends nothing."""
    unseen = {
        row.name
        for row in table.values()
        if row.section == "method" and row.becomes is Becomes.KEPT and not row.items
        if profile.endpoint(row.name).support != "yes"
    }
    assert unseen == set()


@of_every_table
def every_blocker_names_what_is_nearest_and_what_to_do(
    profile: Provider, table: Mapping[tuple[str, str], Entry]
) -> None:
    blockers = [row for row in table.values() if row.severity is Severity.BLOCKER]
    assert blockers
    silent = [row.name for row in blockers if not row.counterpart or not row.items[0].action]
    assert silent == []


@of_every_table
def every_blocked_method_says_how_the_work_goes_in_its_item(
    profile: Provider, table: Mapping[tuple[str, str], Entry]
) -> None:
    for row in table.values():
        by_path = row.name in surface.path_requests()  # as the method that has this path
        if row.section == "method" and row.severity is Severity.BLOCKER and not by_path:
            assert row.counterpart in row.items[0].action, row.name
            assert profile.endpoint(without_raw(row.name)).remedy in row.items[0].action, row.name


@of_every_table
def what_is_not_documented_is_not_said_to_be_missing(
    profile: Provider, table: Mapping[tuple[str, str], Entry]
) -> None:
    for row in table.values():
        if row.section == "method" and profile.endpoint(row.name).support == "unknown":
            assert "endpoint-missing" not in {one.code for one in row.items}, row.name


@of_every_table
def the_page_is_up_to_date(profile: Provider, table: Mapping[tuple[str, str], Entry]) -> None:
    """Write it anew with `python -m migrator.explaining.page > docs/coverage.md`."""
    if profile.id == PLANNED[0]:
        assert {row.section for row in table.values()} == set(SECTIONS)
        assert PAGE.read_text("utf-8") == page(profile, list(table.values()))


def test_every_method_of_an_installed_openai_is_in_the_catalogue(
    offered: dict[str, list[str]],
) -> None:
    methods = offered["methods"]
    assert len(methods) > 100
    assert [path for path in methods if path not in surface.every("method")] == []


def test_every_public_name_of_an_installed_openai_is_in_the_catalogue(
    offered: dict[str, list[str]],
) -> None:
    assert [name for name in offered["errors"] if surface.exception(f"openai.{name}") is None] == []
    unknown = [
        name
        for name in offered["public"]
        if surface.client_class(f"openai.{name}") is None
        and surface.exception(f"openai.{name}") is None
        and surface.module_setting(name) is None
        and not surface.is_type(f"openai.{name}")
        and name not in surface.star_names()
    ]
    assert unknown == []


@pytest.mark.skipif(OLD not in installed(), reason="openai before 1.0 is not installed apart")
def test_every_class_of_openai_before_one_is_in_the_catalogue() -> None:
    tree = ast.parse((installed()[OLD] / "openai" / "__init__.py").read_text("utf-8"))
    (names,) = [one.value for one in tree.body if _is_all(one)]
    public = ast.literal_eval(names)
    assert len(public) > 20
    assert [
        name
        for name in public
        if surface.legacy_class(name) is None
        and surface.module_setting(name) is None
        and surface.exception(f"openai.error.{name}") is None
    ] == []


def _is_all(statement: ast.stmt) -> TypeGuard[ast.Assign]:
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"


@pytest.fixture
def bailian() -> Provider:
    return load_provider("bailian")


@pytest.mark.parametrize(
    ("section", "name", "becomes", "code"),
    [
        ("method", "chat.completions.create", Becomes.REWRITTEN, ""),
        ("method", "embeddings.create", Becomes.REWRITTEN, ""),
        ("method", "conversations.create", Becomes.KEPT, ""),
        ("method", "with_options", Becomes.KEPT, ""),
        ("method", "moderations.create", Becomes.CHECKLIST, "endpoint-missing"),
        ("method", "beta.agents.create", Becomes.CHECKLIST, "endpoint-undocumented"),
        ("method", "realtime.connect", Becomes.CHECKLIST, "endpoint-unproven"),
        ("method", "get", Becomes.KEPT, "path-request"),
        ("method", "post", Becomes.KEPT, "path-request"),
        ("method", "put", Becomes.CHECKLIST, "path-untraced"),
        ("client", "openai.AsyncOpenAI", Becomes.REWRITTEN, ""),
        ("setting", "timeout", Becomes.KEPT, ""),
        ("setting", "base_url", Becomes.REWRITTEN, ""),
        ("exception", "openai.RateLimitError", Becomes.LEFT, ""),
        ("type", "openai.types", Becomes.LEFT, ""),
    ],
)
def test_what_becomes_of(
    bailian: Provider, section: surface.Section, name: str, becomes: Becomes, code: str
) -> None:
    row = entry(bailian, section, name)
    assert row.becomes is becomes
    assert code == (row.items[0].code if row.items else "")


@pytest.mark.parametrize("raw", sorted(surface.RAW_PREFIXES))
@pytest.mark.parametrize("name", ["embeddings.{}.create", "moderations.{}.create"])
def test_a_raw_prefix_changes_nothing_of_the_decision(
    bailian: Provider, name: str, raw: str
) -> None:
    plain = entry(bailian, "method", name.replace(".{}", ""))
    prefixed = entry(bailian, "method", name.format(raw))
    assert prefixed.becomes is plain.becomes
    assert prefixed.why == plain.why


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("ChatCompletion", Becomes.REWRITTEN),
        ("Image", Becomes.REWRITTEN),
        ("Edit", Becomes.REWRITTEN),
        ("ErrorObject", Becomes.CHECKLIST),
    ],
)
def test_a_class_of_old_goes_with_its_usual_call(
    bailian: Provider, name: str, becomes: Becomes
) -> None:
    assert entry(bailian, "legacy_class", name).becomes is becomes


def test_what_a_call_of_old_became_is_told_with_what_is_nearest_to_that(bailian: Provider) -> None:
    told = entry(bailian, "legacy_call", "Moderation.create").counterpart
    assert told.startswith("`moderations.create` of openai 1.0 and later, and for that: ")
