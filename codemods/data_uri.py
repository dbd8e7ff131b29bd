"""Send a picture itself where the endpoint takes no link to it.

{"url": "https://example.com/cat.png"}
->  {"url": as_data_uri("https://example.com/cat.png")}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import Template, at_top, helper
from codemods.lazy import LazyModule
from codemods.registry import codemod
from migrator.edits import DataUri

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_NAME = "as_data_uri"
_BODY = '''\
    """A picture that a link leads to, as a data URI; what is no link stays as it is."""
    if not url.startswith(("http://", "https://")):
        return url
    with OPEN(url) as answer:
        data = ENCODE(answer.read()).decode("ascii")
        return f"data:{answer.headers.get_content_type()};base64,{data}"
'''


def _template(context: Context) -> Template:
    body = _BODY.replace("OPEN", at_top(context, "urllib.request.urlopen"))
    body = body.replace("ENCODE", at_top(context, "base64.b64encode"))
    return Template("url", "url: str", body, "str")


@codemod(
    DataUri,
    name="data-uri",
    summary="Send pictures as data URIs",
    review="The program fetches what is linked to by itself now: check who may name the link",
)
def embed_picture(
    instruction: DataUri, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """The expression handed to the function that makes a data URI of it."""
    function = helper(context, _NAME, _template(context))
    if not instruction.asynchronous:
        return context.parse(f"{function}(value)", {"value": node})
    thread = at_top(context, "asyncio.to_thread")
    return context.parse(f"await {thread}({function}, value)", {"value": node})
