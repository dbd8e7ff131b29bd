"""Write the functions of `openai.embeddings_utils` that a file imports into the file.

from openai.embeddings_utils import get_embedding
->  def get_embedding(text, engine=…, **request): …
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.adapter_call import imported
from codemods.changes import Change
from codemods.client_method import maker_call
from codemods.context import Context, Helper
from codemods.helpers import Template, at_top, in_manner
from codemods.imported_names import import_names
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from codemods.statements import Removal
from migrator.edits import EmbeddingsUtilities, ImportedNames
from migrator.language import _

_EMBED = '''\
    """The embedding of a text."""
    text = text.replace("\\n", " ")
    response = CLIENT.embeddings.create(input=[text], model=engine, **request)
    return response.data[0].embedding
'''
_EMBED_ALL = '''\
    """The embeddings of some texts, in their order."""
    texts = [text.replace("\\n", " ") for text in list_of_text]
    response = CLIENT.embeddings.create(input=texts, model=engine, **request)
    return [row.embedding for row in sorted(response.data, key=lambda row: row.index)]
'''
_SIMILARITY = '''\
    """The cosine of the angle between two vectors."""
    return sum(x * y for x, y in zip(a, b)) / (MATH.hypot(*a) * MATH.hypot(*b))
'''
_NEAREST = '''\
    """The places of the distances, the smallest first."""
    return NUMPY.argsort(distances)
'''
_DISTANCES = '''\
    """The distances of vectors from another one."""
    distance = {
        "cosine": DISTANCE.cosine,
        "L1": DISTANCE.cityblock,
        "L2": DISTANCE.euclidean,
        "Linf": DISTANCE.chebyshev,
    }[distance_metric]
    return [distance(query_embedding, embedding) for embedding in embeddings]
'''
_ONE = ("text, engine, **request", "text: str, engine: str, **request: Any", _EMBED)
_ALL = (
    "list_of_text, engine, **request",
    "list_of_text: Any, engine: str, **request: Any",
    _EMBED_ALL,
)
_FUNCTIONS = {
    "get_embedding": _ONE,
    "aget_embedding": _ONE,
    "get_embeddings": _ALL,
    "aget_embeddings": _ALL,
    "cosine_similarity": ("a, b", "a: Any, b: Any", _SIMILARITY),
    "indices_of_nearest_neighbors_from_distances": ("distances", "distances: Any", _NEAREST),
    "distances_from_embeddings": (
        'query_embedding, embeddings, distance_metric="cosine"',
        'query_embedding: Any, embeddings: Any, distance_metric: str = "cosine"',
        _DISTANCES,
    ),
}
UTILITIES = frozenset(_FUNCTIONS)


@codemod(
    EmbeddingsUtilities,
    name="embeddings-utilities",
    summary="Write the functions of openai.embeddings_utils into the file that imports them",
    review="Check the functions against what the program expects of them",
    statement=True,
)
def write_utilities(
    instruction: EmbeddingsUtilities, context: Context
) -> Iterator[Change | Removal]:
    """Raises CannotRewrite for a statement that imports other names too, or not at the top."""
    file, statement = context.file, context.file.statement(context.span)
    if not isinstance(statement, ast.ImportFrom) or file.parent(statement) is not file.tree:
        raise CannotRewrite(_("the functions are not imported at the top of the file"))
    if any(alias.name not in UTILITIES for alias in statement.names):
        raise CannotRewrite(_("not every function that it imports is known"))
    for alias in statement.names:
        template = _template(alias.name, instruction, context)
        name = alias.asname or alias.name
        any_ = at_top(context, "typing.Any") if file.annotated else ""
        source = in_manner(context, template.source(name, file.columns, any_))
        context.helpers.append(Helper(name, source))
    gone = tuple((alias.name, "") for alias in statement.names)
    yield from import_names(ImportedNames("openai", gone), context)


def _template(name: str, instruction: EmbeddingsUtilities, context: Context) -> Template:
    parameters, annotated, body = _FUNCTIONS[name]
    asynchronous = name.startswith("aget")
    if "CLIENT" in body:
        receiver = dict(instruction.receivers).get("async" if asynchronous else "sync", "")
        makers = {"Async" in one.class_path: one for one in instruction.makers}
        if not receiver and asynchronous in makers:
            receiver = maker_call(makers[asynchronous], context)
        if not receiver:
            raise CannotRewrite(_("no client is known for {name}", name=name))
        receiver = at_top(context, "openai") if receiver == "openai" else receiver
        if instruction.marker:
            body = body.replace("    response =", f"    {instruction.marker}\n    response =")
        function = dict(instruction.functions).get("async" if asynchronous else "sync")
        if function is not None:
            function = imported(context, instruction.module, function, instruction.own)
            body = body.replace("CLIENT.embeddings.create(", f"CREATE({receiver}, ")
            body = body.replace("CREATE", f"await {function}" if asynchronous else function)
        body = body.replace("CLIENT", f"await {receiver}" if asynchronous else receiver)
    if "MATH" in body:
        body = body.replace("MATH", at_top(context, "math"))
    if "NUMPY" in body:
        body = body.replace("NUMPY", at_top(context, "numpy"))
    if "DISTANCE" in body:
        body = body.replace("DISTANCE", at_top(context, "scipy.spatial.distance"))
    return Template(parameters, annotated, body, asynchronous=asynchronous)
