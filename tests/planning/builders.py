"""Small repositories as text, analysed and planned; and what their plans say."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from migrator.analysis.reading import analyse
from migrator.analysis.sites import Kind, Site
from migrator.decisions import Checklist, ChecklistItem, Convert, Decision, Leave, Plan, Target
from migrator.edits import Edit, Instruction
from migrator.planning import PlanOptions, plan
from migrator.providers import Provider, load_provider
from migrator.rewriting import rewrite_all
from migrator.sdks import COMPATIBLE, SDK
from migrator.source import SourceText

URL = "https://dashscope.aliyuncs.com/compatible-mode/v1"
ASK = 'messages=[{"role": "user", "content": q}]'


@dataclass(frozen=True)
class Planned:
    """A plan, and the files it is for."""

    files: Mapping[str, str]
    sources: Mapping[str, SourceText]
    plan: Plan

    def decision(self, path: str, kind: Kind, detail: str = "") -> Decision:
        """The only decision on a site of that kind (and detail) in a file."""
        found = [
            one
            for one in self.plan.decisions
            if one.site.path == path and one.site.kind is kind and detail in ("", one.site.detail)
        ]
        assert len(found) == 1, [(one.site.span.line, one.site.detail) for one in found]
        return found[0]

    def codes(self, path: str = "") -> list[str]:
        """The codes of the checklist in a file, in its order."""
        return [one.code for one in self.plan.checklist if path in ("", one.path)]

    def item(self, code: str) -> ChecklistItem:
        """The only item of that code."""
        found = [one for one in self.plan.checklist if one.code == code]
        assert len(found) == 1, self.codes()
        return found[0]

    def instructions(self, wanted: type[Instruction]) -> list[Instruction]:
        return [one.instruction for one in self.plan.edits if isinstance(one.instruction, wanted)]

    def after(self, path: str = "app.py") -> str:
        """The text of a file once the plan is carried out; every edit has to be possible."""
        return self.rewritten()[path]

    def rewritten(self) -> dict[str, str]:
        originals = {path: text.encode() for path, text in self.files.items()}
        done = rewrite_all(self.plan, self.sources, originals)
        refused = [i.why for i in done.plan.checklist if i.code == "rewriting-refused"]
        assert not refused, refused
        return {**self.files, **{one.path: (one.after or b"").decode() for one in done.changes}}


def provider(target: str = "bailian") -> Provider:
    return load_provider(target)


def planned(
    files: Mapping[str, str] | str,
    *,
    region: str = "",
    model_map: Mapping[str, str] | None = None,
    keep_env_names: bool = False,
    markers: bool = False,
    legacy: str = "auto",
    mode: str = COMPATIBLE,
    target: str = "bailian",
) -> Planned:
    """Plan a repository: texts by path, or the text of app.py alone."""
    given = {"app.py": files} if isinstance(files, str) else files
    texts = {path: textwrap.dedent(text).lstrip("\n") for path, text in given.items()}
    python = {path: text.encode() for path, text in texts.items() if path.endswith(".py")}
    others = {path: text.encode() for path, text in texts.items() if path not in python}
    analysis = analyse(python, others, list(python))
    made = plan(
        analysis.sites,
        provider(target).beside_its_sdk() if mode == SDK else provider(target),
        target=Target(target, mode, region),
        sources=analysis.sources,
        options=PlanOptions(model_map or {}, keep_env_names, markers, legacy=legacy),
        unreadable=analysis.unreadable,
        python=tuple(python),
    )
    return Planned(texts, analysis.sources, made)


def chat(arguments: str = "", *, model: str = '"gpt-4o"', api: str = "create") -> str:
    """A program with one client and one chat call; `arguments` are its other arguments."""
    given = f", {arguments}" if arguments else ""
    return (
        "from openai import OpenAI\n"
        "client = OpenAI()\n"
        "def ask(q):\n"
        f"    return client.chat.completions.{api}(model={model}, {ASK}{given})\n"
    )


def embed(arguments: str, *, model: str = '"text-embedding-3-small"', head: str = "texts") -> str:
    """A program with one client and one embeddings call, in a function of the parameters `head`."""
    return (
        "from openai import OpenAI\n"
        "client = OpenAI()\n"
        f"def embed({head}):\n"
        f"    return client.embeddings.create(model={model}, {arguments})\n"
    )


def items_of(decision: Decision) -> list[str]:
    """The codes of a decision's items or notes."""
    match decision:
        case Convert(notes=items) | Checklist(items=items):
            return [one.code for one in items]
    return []


__all__ = [
    "ASK",
    "URL",
    "Checklist",
    "Convert",
    "Edit",
    "Kind",
    "Leave",
    "Planned",
    "Site",
    "chat",
    "embed",
    "items_of",
    "planned",
    "provider",
]
