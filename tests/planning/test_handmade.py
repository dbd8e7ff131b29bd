"""Plans for sites made by hand: what an analysis may say and seldom does."""

from __future__ import annotations

import ast

import pytest

from migrator.analysis.sites import (
    Argument,
    CallFacts,
    Certainty,
    ClientFacts,
    Destination,
    DocumentFacts,
    Kind,
    Literal,
    ModelFacts,
    NameFacts,
    Origin,
    Place,
    Site,
    Span,
    VariableFacts,
)
from migrator.decisions import Checklist, Convert, Decision, Leave, Plan, Target
from migrator.edits import ClientConstruction, Edit
from migrator.planning import PlanOptions, plan
from migrator.source import SourceText
from tests.planning.builders import items_of, provider

PATH = "app.py"


class Snippet:
    """A file whose expressions become sites by their source text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sites: list[Site] = []

    def place(self, code: str) -> Place:
        for node in ast.walk(ast.parse(self.text)):
            if isinstance(node, ast.expr) and ast.get_source_segment(self.text, node) == code:
                end = (node.end_lineno or 0, node.end_col_offset or 0)
                return Place(PATH, Span(node.lineno, node.col_offset, *end))
        raise AssertionError(code)

    def literal(self, code: str) -> Literal:
        place = self.place(code)
        return Literal(PATH, place.span, ast.literal_eval(code))

    def argument(self, name: str, code: str, within: str) -> Argument:
        place, container = self.place(code), self.place(within)
        value = ast.literal_eval(code) if code[0] in "'\"0123456789" else None
        return Argument(name, Origin.KEYWORD, place, container, code, value)

    def add(
        self,
        name: str,
        kind: Kind,
        code: str,
        facts: object,
        certainty: Certainty = Certainty.PROVEN,
    ) -> None:
        span = self.place(code).span
        self.sites.append(Site(name, PATH, span, kind, code, certainty, facts=facts))  # type: ignore[arg-type]

    def plan(self, *others: Site) -> Plan:
        return plan(
            [*self.sites, *others],
            provider(),
            target=Target("bailian"),
            sources={PATH: SourceText(self.text)},
            options=PlanOptions(markers=False),
        )


def decision_of(made: Plan, name: str) -> Decision:
    return next(one for one in made.decisions if one.site.id == name)


def client(calls: tuple[str, ...] = ("call",), form: str = "call") -> ClientFacts:
    return ClientFacts("openai.OpenAI", "OpenAI", form, Destination.OPENAI, calls=calls)


def test_a_derived_client_is_not_given_what_it_has() -> None:
    snippet = Snippet("client = OpenAI()\nother = client.with_options(timeout=3)\n")
    snippet.add("client", Kind.CLIENT, "OpenAI()", client(()))
    snippet.add("other", Kind.CLIENT, "client.with_options(timeout=3)", client((), "derived"))
    made = snippet.plan()
    changed = [e for e in made.edits if isinstance(e.instruction, ClientConstruction)]
    assert [edit.span.line for edit in changed] == [1]
    assert isinstance(decision_of(made, "other"), Convert)


def test_a_derived_client_loses_what_is_openais_own() -> None:
    code = "client.copy(organization='o')"
    snippet = Snippet(f"other = {code}\n")
    argument = snippet.argument("organization", "'o'", code)
    facts = ClientFacts("openai.OpenAI", "OpenAI", "derived", Destination.OPENAI, (argument,))
    snippet.add("other", Kind.CLIENT, code, facts)
    assert snippet.plan().edits[0].instruction == ClientConstruction(drop=("organization",))


def test_needs_that_no_model_meets_are_told() -> None:
    snippet = Snippet("model = 'gpt-4o'\nsee(model)\ncount(model)\nOpenAI()\n")
    snippet.add("client", Kind.CLIENT, "OpenAI()", client(("one", "two")))
    for name, code, features in (
        ("one", "see(model)", {"image"}),
        ("two", "count(model)", {"audio"}),
    ):
        place = snippet.place(code)
        facts = CallFacts(
            "chat.completions.create",
            place,
            clients=("client",),
            models=("model",),
            model_values=("gpt-4o",),
            model_known=True,
            features=frozenset(features),
        )
        snippet.add(name, Kind.CALL, code, facts)
    literal = snippet.literal("'gpt-4o'")
    facts = ModelFacts("gpt-4o", "constant", literal, reaches=("one", "two"))
    snippet.add("model", Kind.MODEL, "'gpt-4o'", facts)
    made = snippet.plan()
    assert items_of(decision_of(made, "model")) == ["model-lacks"]


def test_a_likely_address_is_a_review_item() -> None:
    snippet = Snippet("post('https://api.openai.com/v1/models')\n")
    code = "'https://api.openai.com/v1/models'"
    snippet.add("url", Kind.RAW_HTTP, code, NameFacts(code, "url"), Certainty.LIKELY)
    assert items_of(decision_of(snippet.plan(), "url")) == ["raw-http-untraced"]


def test_the_prefix_of_a_settings_class_is_a_review_item() -> None:
    snippet = Snippet("Config(env_prefix='OPENAI_')\n")
    facts = VariableFacts("OPENAI_", "api_key", "settings_prefix", snippet.literal("'OPENAI_'"))
    snippet.add("prefix", Kind.ENV_KEY, "'OPENAI_'", facts)
    assert items_of(decision_of(snippet.plan(), "prefix")) == ["variable-prefix"]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_site_nothing_is_known_of_is_on_the_checklist_or_left(kind: Kind) -> None:
    snippet = Snippet("thing\n")
    snippet.add("thing", kind, "thing", None)
    decision = decision_of(snippet.plan(), "thing")
    assert isinstance(decision, Checklist | Leave)


def test_every_kind_of_document_is_decided() -> None:
    sites = [
        Site(
            f"{kind.value}{role}{form}",
            f"file.{form}",
            Span(1, 0, 1, 5),
            kind,
            "OPENAI_API_KEY",
            facts=DocumentFacts(form, role, "OPENAI_API_KEY", "gpt-4o"),
        )
        for kind in (Kind.ENV_KEY, Kind.CONFIG, Kind.DEP, Kind.MODEL, Kind.RAW_HTTP)
        for role in ("key", "base_url", "model", "organization", "package", "url", "other")
        for form in ("env", "yaml", "shell", "requirements")
    ]
    made = Snippet("pass\n").plan(*sites)
    assert len(made.decisions) == len(sites)
    assert made.edits == ()


def test_the_order_of_the_sites_is_that_of_the_decisions() -> None:
    snippet = Snippet("one = OpenAI()\ntwo = Client()\n")
    snippet.add("one", Kind.CLIENT, "OpenAI()", client(()))
    snippet.add("two", Kind.CLIENT, "Client()", client(()))
    forwards = snippet.plan()
    snippet.sites.reverse()
    backwards = snippet.plan()
    assert [one.site.id for one in backwards.decisions] == ["two", "one"]
    assert forwards.edits == backwards.edits
    assert all(isinstance(one, Edit) for one in forwards.edits)
