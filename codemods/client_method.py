"""Call a method of a client in the place of a class method of openai before 1.0.

openai.ChatCompletion.create(…)  ->  client.chat.completions.create(…)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import Template, at_top, helper
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import ClientMaker, ClientMethod
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_CACHED = "functools.lru_cache"


@codemod(
    ClientMethod,
    name="client-method",
    summary="Call a client's method in the place of a class method of openai before 1.0",
    review="Check what is done with the answer: it is an object, no dict",
)
def name_method(
    instruction: ClientMethod, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for what is no dotted name."""
    if not isinstance(node, (cst.Name, cst.Attribute)):
        raise CannotRewrite(_("the method is not named in the call"))
    receiver = _receiver(instruction, context)
    if instruction.options:
        options = ", ".join(f"{name}={source}" for name, source in instruction.options)
        receiver = f"{receiver}.with_options({options})"
    return context.parse(f"{receiver}.{instruction.method}")


def _receiver(instruction: ClientMethod, context: Context) -> str:
    maker = instruction.maker
    if maker is None:
        return context.spell("openai") if instruction.receiver == "openai" else instruction.receiver
    return maker_call(maker, context, instruction.key)


def maker_call(maker: ClientMaker, context: Context, key: str = "") -> str:
    """The call of a function that makes a client; the function is asked for."""
    name = "get_async_client" if "Async" in maker.class_path else "get_client"
    return f"{helper(context, name, _template(maker, context))}({key})"


def _template(maker: ClientMaker, context: Context) -> Template:
    inside = not _at_top(context, "openai")
    # What the file imports in its functions alone may not be there where the file is imported.
    made = maker.class_path.rpartition(".")[2] if inside else at_top(context, maker.class_path)
    line = f"    from openai import {made}\n\n" if inside else ""
    result = "Any" if inside else made
    if maker.key == "module":
        module = at_top(context, "openai")
        call = _call(made, f"{module}.api_key", f"{module}.base_url")
        body = _body("Make a client with the settings of the module.", line, call)
        return Template("", "", body, result)
    cached = (at_top(context, _CACHED),)
    read = f'{at_top(context, "os")}.environ["{maker.key_variable}"]'
    if maker.key in {"argument", "either"}:
        url = _address(maker, context) if maker.base_url_default else ""
        key, hint = ("api_key", "str") if maker.key == "argument" else (f"api_key or {read}", "Any")
        body = _body("Make a client with this key, once.", line, _call(made, key, url))
        return Template("api_key", f"api_key: {hint}", body, result, cached)
    call = _call(made, read, _address(maker, context))
    body = _body("Make the client when it is first used.", line, call)
    return Template("", "", body, result, cached)


def _at_top(context: Context, package: str) -> bool:
    """Whether the file imports a package where it is imported itself, or nowhere at all."""
    ours = [one for one in context.scope.every if one.path.partition(".")[0] == package]
    return not ours or any(one.function is None for one in ours)


def _address(maker: ClientMaker, context: Context) -> str:
    variable, default = maker.base_url_variable, maker.base_url_default
    read = f"{at_top(context, 'os')}.getenv"
    return f'{read}(\n            "{variable}", "{default}"\n        )'


def _body(told: str, line: str, call: str) -> str:
    return f'    """{told}"""\n{line}    return {call}\n'


def _call(made: str, key: str, url: str) -> str:
    if not url:
        return f"{made}(api_key={key})"
    return f"{made}(\n        api_key={key},\n        base_url={url},\n    )"
