"""An expression is handed to the codemod of a plug-in, which keeps to what all keep to."""

from __future__ import annotations

from types import MappingProxyType

import libcst as cst
import pytest

from codemods.engine import rewrite
from codemods.outcome import Rewritten
from migrator import plugins
from migrator.edits import Plugged, ReplaceString
from migrator.plugins import Place, codemod
from migrator.source import SourceText
from tests.codemods.rewriting import KEY, PROVIDER, URL, At, outcome

LONG = "client  =  OpenAI( timeout = 30 ,  max_retries=2 ) ; other  =  make(client,1 ,{'a':2})\n"


@codemod(kinds=["client"], summary="", review="")
def header(node: cst.BaseExpression, place: Place) -> cst.BaseExpression:
    return place.with_arguments(node, add={"team": '"a"'}, rename={"timeout": "seconds"})


@codemod(kinds=["client"], summary="", review="")
def idle(node: cst.BaseExpression, place: Place) -> cst.BaseExpression:
    assert (place.kind, place.provider, place.mode, place.line) == ("client", "acme", "sdk", 2)
    return node


def plugged(name: str) -> Plugged:
    return Plugged(name, "client", "openai.OpenAI", "acme", "sdk")


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def each() -> MappingProxyType[str, plugins.Codemod]:
        return MappingProxyType({"header": header, "idle": idle})

    monkeypatch.setattr(plugins, "third_party", each)


def test_what_is_left_alone_stays_byte_for_byte() -> None:
    before = "import os\n" + LONG
    made = outcome(before, At("OpenAI( timeout = 30 ,  max_retries=2 )", plugged("idle")))
    assert made.text == before
    assert len(made.idle) == 1 and not made.applied and not made.refused


def test_it_is_done_last_and_hinders_no_other_edit() -> None:
    before = "from openai import OpenAI\nclient = OpenAI(timeout=3)\n"
    code = "OpenAI(timeout=3)"
    made = outcome(
        before, *(At(code, one) for one in (plugged("idle"), plugged("header"), PROVIDER))
    )
    assert made.text == (
        "import os\n\nfrom openai import OpenAI\nclient = OpenAI(\n    seconds=3,\n"
        f'    api_key={KEY},\n    base_url={URL},\n    team="a",\n)\n'
    )
    assert len(made.idle) == 1 and len(made.applied) == 2 and not made.refused


def test_what_it_changes_is_told_with_what_it_was_done_to() -> None:
    source = SourceText("from openai import OpenAI\nclient = OpenAI(timeout=3)\nname = 'a'\n")
    call = "OpenAI(timeout=3)"
    code = At(call, PROVIDER), At(call, plugged("header")), At("'a'", ReplaceString("b"))
    client, of_plugin, other = edits = [one.edit(source, "app.py") for one in code]
    made = rewrite(source, "app.py", edits)
    assert isinstance(made, Rewritten)
    assert made.changes[client] and made.changes[other]
    assert made.changes[of_plugin] == made.changes[client] != made.changes[other]
