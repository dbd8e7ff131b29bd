"""Put pictures where OpenAI's answer has them: their data, or links that stand elsewhere.

client.images.generate(...)
->  generate_with_data(client.images.generate, ...)
->  generate_with_links(client.images.generate, ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import Template, at_top, helper
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import PictureData
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_NAMES = {True: "generate_with_data", False: "generate_with_links"}
_SUMMARIES = {
    True: "Draw pictures and put their data into the answer, which holds links that expire.",
    False: "Draw pictures and put the links to them where OpenAI's answer has them.",
}
_ASK = """\
    response = generate(**request)
"""
_TAKE = """\
    if not response.data:
        response.data = [Image(url=one["url"]) for one in response.FIELD]
"""
_FETCH = """\
    for picture in response.data or []:
        if picture.url and not picture.b64_json:
            data = OPEN(picture.url).read()
            picture.b64_json = ENCODE(data).decode("ascii")
"""
_PATHS = {
    "THREAD": "asyncio.to_thread",
    "OPEN": "urllib.request.urlopen",
    "ENCODE": "base64.b64encode",
}
_WAITING = {
    "= generate(": "= await generate(",
    "= OPEN(picture.url).read()": "= await THREAD(lambda link: OPEN(link).read(), picture.url)",
}


def _template(instruction: PictureData, context: Context) -> Template:
    body = f'    """{_SUMMARIES[instruction.data]}"""\n'
    if instruction.field:
        body += f"    from openai.types import Image\n\n{_ASK}{_TAKE}"
        body = body.replace("FIELD", instruction.field)
    else:
        body += _ASK
    if instruction.data:
        body += _FETCH
    if instruction.asynchronous:
        for waiting in _WAITING.items():
            body = body.replace(*waiting)
    for word, path in _PATHS.items():
        if word in body:
            body = body.replace(word, at_top(context, path))
    return Template(
        "generate, **request",
        "generate: Any, **request: Any",
        f"{body}    return response\n",
        asynchronous=instruction.asynchronous,
    )


@codemod(
    PictureData,
    name="picture-data",
    summary="Put pictures where the answer of OpenAI has them, their data if it is read",
    review="Where data is fetched, each picture is one download more: check the host and failures",
)
def fetch_data(
    instruction: PictureData, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for anything but a call."""
    if not isinstance(node, cst.Call):
        raise CannotRewrite(_("it is not a call"))
    name = _NAMES[instruction.data] + ("_async" if instruction.asynchronous else "")
    function = helper(context, name, _template(instruction, context))
    entries = context.entries(node)
    called = entries.insert(0, None, context.handed_on(node.func)).rebuilt()
    return called.with_changes(func=cst.Name(function))
