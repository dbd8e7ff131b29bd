"""Fetch the data of pictures where the endpoint answers with links to them.

client.images.generate(...)
->  generate_with_data(client.images.generate, ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import Template, at_top, helper
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import PictureData

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_NAME = "generate_with_data"
_BODY = '''\
    """Draw pictures and put their data into the answer, which holds links that expire."""
    response = generate(**request)
    for picture in response.data or []:
        if picture.url and not picture.b64_json:
            data = OPEN(picture.url).read()
            picture.b64_json = ENCODE(data).decode("ascii")
    return response
'''
_WAITING = {
    "= generate(": "= await generate(",
    "= OPEN(picture.url).read()": "= await THREAD(lambda link: OPEN(link).read(), picture.url)",
}


def _template(instruction: PictureData, context: Context) -> Template:
    body = _BODY
    if instruction.asynchronous:
        for waiting in _WAITING.items():
            body = body.replace(*waiting)
        body = body.replace("THREAD", at_top(context, "asyncio.to_thread"))
    body = body.replace("OPEN", at_top(context, "urllib.request.urlopen"))
    return Template(
        "generate, **request",
        "generate: Any, **request: Any",
        body.replace("ENCODE", at_top(context, "base64.b64encode")),
        asynchronous=instruction.asynchronous,
    )


@codemod(
    PictureData,
    name="picture-data",
    summary="Fetch the data of pictures that come as links",
    review="Each picture is one download more: check the host, time limits and failures",
)
def fetch_data(
    instruction: PictureData, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for anything but a call."""
    if not isinstance(node, cst.Call):
        raise CannotRewrite("it is not a call")
    name = f"{_NAME}_async" if instruction.asynchronous else _NAME
    function = helper(context, name, _template(instruction, context))
    entries = context.entries(node)
    called = entries.insert(0, None, context.handed_on(node.func)).rebuilt()
    return called.with_changes(func=cst.Name(function))
