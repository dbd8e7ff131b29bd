"""Have a call made by a function of a module that is written beside the code.

client.audio.speech.create(...)
->  create_speech(client, ...)

openai.audio.speech.create(...)
->  create_speech(openai.OpenAI(api_key=openai.api_key, base_url=openai.base_url), ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from codemods.scope import Need
from migrator.edits import AdapterCall
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    AdapterCall,
    name="adapter-call",
    summary="Have a call made by a function of a module that is written beside the code",
    review="Read the module: what it does not take over from the old call is on the checklist",
)
def call_adapter(
    instruction: AdapterCall, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for anything but a call of the method on a client."""
    if not isinstance(node, cst.Call):
        raise CannotRewrite(_("it is not a call"))
    client = _client(node.func, instruction.method)
    if instruction.of_module:
        client = _made_of(client)
    name = imported(context, instruction.module, instruction.function, instruction.own)
    entries = context.entries(node)
    called = entries.insert(0, None, context.handed_on(client)).rebuilt()
    return called.with_changes(func=cst.Name(name))


def _client(func: cst.BaseExpression, method: str) -> cst.BaseExpression:
    """What the method is called on. Raises CannotRewrite where it is not written as a whole."""
    for step in reversed(method.split(".")):
        match func:
            case cst.Attribute(value=value, attr=cst.Name(value=name)) if name == step:
                func = value
            case _:
                raise CannotRewrite(_("it is not written as {method}", method=method))
    return func


def _made_of(module: cst.BaseExpression) -> cst.BaseExpression:
    """A client with the settings of the openai module. Raises CannotRewrite for any other."""
    if not isinstance(module, cst.Name):
        raise CannotRewrite(_("it is not called on the module by its name"))
    name = module.value
    return cst.parse_expression(f"{name}.OpenAI(api_key={name}.api_key, base_url={name}.base_url)")


def imported(context: Context, module: str, function: str, own: tuple[str, ...]) -> str:
    """The name in the file of a function of a module that is written beside the code.

    `own` are the modules of the repository. Raises CannotRewrite where the name means something
    else.
    """
    path = f"{module}.{function}"
    for binding in context.scope.visible(context.span):
        if (spelled := binding.spells(path)) is not None:
            return spelled
    context.scope.require_free(function, context.span, path)
    context.needs.append(Need(module, function, own=frozenset(own)))
    return function
