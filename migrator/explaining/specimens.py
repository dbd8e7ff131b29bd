"""The plainest program that uses one name of OpenAI's surface: what a decision is read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from migrator.analysis import surface
from migrator.analysis.calls import without_raw
from migrator.analysis.sites import Kind
from migrator.analysis.surface import Section
from migrator.knowledge.files import knowledge

_CLIENT = "from openai import OpenAI\n\nclient = OpenAI()\n"
_CHAT = "chat.completions.create"


@dataclass(frozen=True, slots=True)
class Specimen:
    """A small program, and the place in it that counts: the kind of its site and its line."""

    section: Section
    name: str
    text: str
    kind: Kind
    line: int

    def stands_in(self, text: str) -> bool:
        """Whether the line that counts is still there, as it was."""
        return self.text.splitlines()[self.line - 1] in text.splitlines()


def specimen(section: Section, name: str) -> Specimen:
    """The program for a name of the catalogue; a method's may have a raw prefix in it."""
    lines, kind = _WRITERS[section](name)
    text = "".join(lines)
    return Specimen(section, name, text, kind, "".join(lines[:-1]).count("\n") + 1)


def _data() -> Mapping[str, Any]:
    return knowledge("specimens.yaml")


# Each gives the parts of the program, the last of which begins with what counts.
_Written = tuple[list[str], Kind]


def _method(path: str) -> _Written:
    plain = without_raw(path)
    setup = str(_data()["setup"].get(plain, ""))
    call = f"client.{path}({_data()['methods'].get(plain, '')})\n"
    return [setup and f"{setup}\n\n", _CLIENT, call], Kind.CALL


def _legacy_call(path: str) -> _Written:
    owner, _, name = path.rpartition(".")
    arguments = _legacy_arguments(path)
    if owner in surface.every("legacy_class"):
        return ["import openai\n\n", f"openai.{path}({arguments})\n"], Kind.CALL
    return [f"from openai.{owner} import {name}\n\n", f"{name}({arguments})\n"], Kind.CALL


def _legacy_arguments(path: str) -> str:
    given = _data()["legacy"]
    owner, _, name = path.rpartition(".")
    return str(given.get(path, given.get(f"{owner}.{name.removeprefix('a')}", "")))


def _legacy_class(name: str) -> _Written:
    known = surface.legacy_class(name)
    methods = [one.path for one in known.methods if not one.asynchronous] if known else []
    usual = next((one for one in methods if one.endswith((".create", ".transcribe"))), "")
    path = usual or next(iter(methods), "")
    call = f"\n{path}({_legacy_arguments(path)})\n" if path else ""
    return [f"from openai import {name}\n{call}"], Kind.IMPORT


def _client(path: str) -> _Written:
    module, _, name = path.rpartition(".")
    call = f"client.{_CHAT}({_data()['methods'][_CHAT]})\n"
    if name.startswith("Async"):
        call = f"async def ask():\n    await {call}"
    return [f"from {module} import {name}\n\n", f"client = {name}()\n{call}"], Kind.CLIENT


def _setting(name: str) -> _Written:
    value = _data()["settings"].get(name, "None")
    known = surface.module_setting(name)
    ended = known is not None and known.until == 0
    call = "ChatCompletion.create" if ended else _CHAT
    arguments = _data()["legacy" if ended else "methods"][call]
    imports = "import os\n\n" if "os." in value else ""
    setting = f"openai.{name} = {value}\nopenai.{call}({arguments})\n"
    return [f"{imports}import openai\n\n", setting], Kind.MODULE_CONFIG


def _exception(path: str) -> _Written:
    module, _, name = path.rpartition(".")
    head = f"from {module} import {name}\n\ntry:\n    pass\n"
    return [head, f"except {name}:\n    pass\n"], Kind.EXCEPTION


def _type(path: str) -> _Written:
    if path not in surface.every("type") or not path.rpartition(".")[2][:1].isupper():
        return [f"import {path}\n"], Kind.IMPORT
    module, _, name = path.rpartition(".")
    return [f"from {module} import {name}\n\n\n", f"def use(it: {name}): ...\n"], Kind.TYPE_REF


def _framework(path: str) -> _Written:
    """An object or a request that names a model of OpenAI's as the framework does."""
    known = surface.framework_class(path)
    module, _, name = path.rpartition(".")
    if known is None:
        return [f"import {module}\n"], Kind.IMPORT
    if name != known.name:
        module = path.removesuffix(f".{known.name}")
    top = known.name.partition(".")[0]
    model = _data()["framework_models"].get(known.role, _data()["framework_models"]["chat"])
    strings = _model_strings(known.framework) if known.follows_model else ()
    argument = next((one for one in known.model if one.isidentifier()), "")
    given = [f'{argument}="{next(iter(strings), model)}"'] if argument else []
    if known.role == "request":
        given.append(str(_data()["methods"].get(known.request or _CHAT, "")).partition(", ")[2])
    made = f"{known.name}({', '.join(filter(None, given))})\n"
    kind = Kind.CALL if known.role == "request" else Kind.CLIENT
    return [f"from {module} import {top}\n\n", made], kind


def _model_strings(framework: str) -> tuple[str, ...]:
    """How a framework names OpenAI's models, with its provider before the name."""
    entries = knowledge("frameworks.yaml")["frameworks"]
    return next((tuple(e.get("model_strings", ())) for e in entries if e["name"] == framework), ())


_WRITERS = {
    "method": _method,
    "legacy_call": _legacy_call,
    "legacy_class": _legacy_class,
    "client": _client,
    "setting": _setting,
    "exception": _exception,
    "type": _type,
    "framework": _framework,
}
