"""Pictures in messages: a link becomes a data URI where the provider takes no links."""

from __future__ import annotations

import ast
from collections import defaultdict

from migrator.analysis.sites import Place
from migrator.edits import DataUri, Edit
from migrator.language import _
from migrator.planning import syntax
from migrator.planning.calls import Call
from migrator.source import PYTHON

_LINKS = ("http://", "https://")
_DATA_URI = 'f"data:{type};base64,{base64.b64encode(data).decode()}"'
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def decide(call: Call) -> None:
    """Plan what becomes of the pictures that a call names by links."""
    part = call.provider.content_part("part_image_url_http", call.chosen)
    if part.action != "reject":
        return
    named: defaultdict[Place, set[str]] = defaultdict(set)
    for picture in call.facts.pictures:
        named[picture.place].add(picture.beginning)
    for place, beginnings in named.items():
        linked = any(one.startswith(_LINKS) for one in beginnings)
        if linked and place.path.endswith(PYTHON):
            _embed(call, place, _("a picture: {detail}", detail=part.detail))
            call.note("image-embedded", part)
        elif linked:
            call.block("image-link", part, data_uri=_DATA_URI)
        elif "" in beginnings:
            call.note("image-address", part, data_uri=_DATA_URI)


def _embed(call: Call, place: Place, reason: str) -> None:
    source = call.context.sources.get(place.path)
    around = next((held for _, held in syntax.ancestors(source, place.span)), []) if source else []
    scope = next((one for one in reversed(around) if isinstance(one, _Scope)), None)
    instruction = DataUri(isinstance(scope, ast.AsyncFunctionDef))
    call.context.edit(
        Edit(place.path, place.span, "data-uri", instruction, (call.site.id,), reason)
    )
