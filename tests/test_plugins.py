"""Packages that bring providers and codemods, installed in a folder of the test's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import migrator
from migrator import plugins
from migrator.plugins import PluginError
from tests.examples import run

PROFILE = """\
base_url: https://llm.example.com/v1
default_model: acme-large
as_of: 2026-11-01
"""
CODEMODS = '''\
import libcst as cst
from migrator.plugins import Declined, Place, codemod

@codemod(kinds=["client"], summary="names the team", review="Name yours", url="https://example.com")
def header(node, place):
    """Sees what the tool has written."""
    assert "base_url" in cst.Module([]).code_for_node(node), place
    return place.with_arguments(node, add={"default_headers": '{"X-Team": "search"}'})

@codemod(kinds=["client"], summary="traces clients", review="Look at the traces")
def traced(node, place):
    name = place.name_of("acme_tracing.traced")
    if cst.Module([]).code_for_node(node.func) == name:
        return node
    return cst.Call(cst.parse_expression(name), [cst.Arg(node)])

@codemod(kinds=["call"], summary="leaves all alone", review="Nothing")
def idle(node, place):
    place.name_of("acme_tracing.never")
    return node

def each(kinds, rewrite):
    return codemod(kinds=kinds, summary="s", review="r")(rewrite)

again = each(["client"], lambda node, place: cst.Call(cst.Name("dict"), [cst.Arg(node)]))
torn = each(["client"], lambda node, place: cst.Attribute(cst.Integer("1"), cst.Name("x")))
wrong = each(["client"], lambda node, place: "OpenAI()")
fails = each(["client"], lambda node, place: 1 / 0)
unknown = each(["dep", "client"], lambda node, place: node)
plain = print

def decline(node, place):
    raise Declined(f"ask the owners of {place.detail}")

declines = each(["client"], decline)
missing = each(["client"], lambda node, place: place.with_arguments(node, replace={"nope": "1"}))
'''
PROGRAM = """\
from openai import OpenAI
client = OpenAI()
answer = client.chat.completions.create(model="gpt-4o", messages=[])
"""
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs acme-migrate 1.2 with the entry points of a group, as `name = value` each."""
    site = tmp_path / "site"
    package = site / "acme_migrate"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('a provider is data: never run')\n")
    (package / "acme.yaml").write_text(PROFILE)
    (package / "broken.yaml").write_text("base_url: 7\n")
    (package / "bailian.yaml").write_text(PROFILE)
    (site / "acme_codemods.py").write_text(CODEMODS)
    monkeypatch.delenv(plugins.VARIABLE, raising=False)
    monkeypatch.syspath_prepend(str(site))
    plugins.look_again()

    def installed(group: str, *entries: str, name: str = "acme-migrate") -> None:
        info = site / f"{name.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text("\n".join([f"[{group}]", *entries]))

    yield installed
    plugins.look_again()
    sys.modules.pop("acme_codemods", None)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    (root / "app.py").write_text(PROGRAM)
    return root


def test_a_provider_of_a_package_is_one_like_the_others(install: Install, repository: Path) -> None:
    install("migrator.providers", "acme = acme_migrate")
    made = migrator.plan(repository, target="acme")
    assert "https://llm.example.com/v1" in made.diff and "ACME_API_KEY" in made.diff
    assert "acme" in {one.target for one in migrator.compare(repository).candidates}
    (acme,) = [one for one in migrator.known_providers() if one.package]
    assert (acme.id, acme.package) == ("acme", "acme-migrate 1.2")


def test_codemods_of_a_package_write_on_what_the_tool_wrote(
    install: Install, repository: Path
) -> None:
    entries = (f"team-{name} = acme_codemods:{name}" for name in ("header", "idle", "traced"))
    install("migrator.codemods", *entries)
    planned = migrator.plan(repository, target="bailian")
    assert [e.codemod for e in planned.plan.edits if "team" in e.codemod] == [
        "team-header",
        "team-traced",
    ]
    told = {item.title: item for item in planned.checklist if item.code == "plugin-rewrote"}
    item = told["the codemod `team-header` of acme-migrate 1.2 has rewritten 1 place"]
    assert (item.why, item.action.split(". ")[0]) == ("names the team", "Name yours")
    assert [source.url for source in item.sources] == ["https://example.com"]
    texts = {one["codemod"]: one["after"] for one in planned.to_dict()["edits"]}
    assert "base_url" in texts["team-header"] and "X-Team" in texts["team-header"]

    planned.apply()
    written = (repository / "app.py").read_text()
    assert written.startswith("import os\n\nimport acme_tracing\nfrom openai import OpenAI\n")
    assert "client = acme_tracing.traced(\n    OpenAI(\n" in written
    assert 'default_headers={"X-Team": "search"},\n    )\n)\n' in written
    again = migrator.plan(repository, target="bailian")
    assert not again.changes
    migrator.undo(repository)
    assert (repository / "app.py").read_text() == PROGRAM


def test_plugins_are_switched_off(
    install: Install, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("migrator.codemods", "team = acme_codemods:header")
    monkeypatch.setenv(plugins.VARIABLE, "1")
    assert "X-Team" not in migrator.plan(repository, target="bailian").diff


# A codemod that does not keep to what each keeps to -> what the checklist says.
REFUSED = {
    "again": "its codemod would rewrite its own result again",
    "torn": "what its codemod makes is no expression",
    "declines": "ask the owners of OpenAI",
    "missing": "nope",
}


@pytest.mark.parametrize(("name", "why"), REFUSED.items(), ids=REFUSED)
def test_a_codemod_that_cannot_do_it_hands_the_place_to_a_person(
    name: str, why: str, install: Install, repository: Path
) -> None:
    install("migrator.codemods", f"team = acme_codemods:{name}")
    made = migrator.plan(repository, target="bailian")
    (item,) = [one for one in made.checklist if one.code == "rewriting-refused"]
    assert why in item.why
    assert "+client = OpenAI(" in made.diff


# Entry points that cannot be used -> what the one line says.
BROKEN = {
    "codemod: gone": ("migrator.codemods", "team = acme_codemods:gone", "AttributeError"),
    "codemod: no module": ("migrator.codemods", "team = nowhere:gone", "ModuleNotFoundError"),
    "codemod: another function": (
        "migrator.codemods",
        "team = acme_codemods:plain",
        "acme_codemods:plain is no function under `migrator.plugins.codemod`",
    ),
    "codemod: a kind": ("migrator.codemods", "team = acme_codemods:unknown", "dep is none of call"),
    "codemod: a name": (
        "migrator.codemods",
        "marker = acme_codemods:header",
        "codemod marker: a codemod of this tool has that name",
    ),
    "codemod: raises": (
        "migrator.codemods",
        "team = acme_codemods:fails",
        "app.py:2: ZeroDivision",
    ),
    "codemod: a text": ("migrator.codemods", "team = acme_codemods:wrong", "'OpenAI()'"),
    "provider: no file": ("migrator.providers", "gone = acme_migrate", "gone.yaml: there is no"),
    "provider: no package": ("migrator.providers", "gone = nowhere", "nowhere/gone.yaml"),
    "provider: a key": ("migrator.providers", "broken = acme_migrate", "base_url"),
    "provider: a name": (
        "migrator.providers",
        "bailian = acme_migrate",
        "migrate has a provider bailian already",
    ),
}


@pytest.mark.parametrize(("group", "entry", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_stops_what_needs_it_with_one_line(
    group: str, entry: str, said: str, install: Install, repository: Path
) -> None:
    install(group, entry)
    with pytest.raises(PluginError) as caught:
        if group == plugins.CODEMODS:
            migrator.plan(repository, target="bailian")
        else:
            migrator.known_providers()
            migrator.provider("nobody")
    told = str(caught.value)
    assert told.startswith("plug-in acme-migrate 1.2: ") and said in told
    assert told.endswith("to go on without plug-ins: --no-plugins") and "\n" not in told
    migrator.scan(repository)  # needs none


def test_two_packages_with_one_name_are_told(install: Install) -> None:
    install("migrator.providers", "acme = acme_migrate")
    install("migrator.providers", "acme = acme_migrate", name="other-migrate")
    with pytest.raises(PluginError, match=r"other-migrate 1\.2: .*acme-migrate 1\.2 has one"):
        migrator.known_providers()


def test_the_command_line_takes_plugins_and_goes_without(
    install: Install, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("migrator.codemods", "team = acme_codemods:fails")
    monkeypatch.chdir(repository)
    code, _, said = run("migrate", "apply", "-t", "bailian", "-n")
    assert code == 2 and said.startswith("migrate: plug-in acme-migrate")
    assert run("migrate", "apply", "--no-plugins", "-t", "bailian", "-n")[0] == 0


def test_a_scan_looks_for_no_plugins(repository: Path) -> None:
    looked = "import sys, migrator; migrator.scan(); assert 'migrator.plugins' not in sys.modules"
    subprocess.run([sys.executable, "-c", looked], cwd=repository, check=True)
