"""The module of the functions that split requests for embeddings, where several files need them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from migrator.analysis.sites import Site
from migrator.batching import Splitting
from migrator.decisions import NewFile
from migrator.edits import EmbeddingBatch
from migrator.planning.adapters.places import Places, common, folder_of, imports
from migrator.planning.context import Context

_FEWEST = 2
_HEAD = '''\
"""Embeddings in batches: PROVIDER takes so many texts in a request and no more."""

from __future__ import annotations

from typing import Any
'''


@dataclass(frozen=True)
class Split:
    """A request for embeddings that is to be split."""

    site: Site
    batch: EmbeddingBatch


def shared(context: Context, wanted: Iterable[Split]) -> list[Split]:
    """The same, those of files that can share one module with the place of it."""
    places = Places(context)
    trees: defaultdict[str, list[Split]] = defaultdict(list)
    for one in wanted:
        trees[places.tree(one.site.path)].append(one)
    found: list[Split] = []
    for tree, splits in trees.items():
        paths = sorted({one.site.path for one in splits})
        share = len(paths) >= _FEWEST and _can_share(places, tree, paths)
        found += _with_module(places, paths, splits) if share else splits
    return found


def _can_share(places: Places, tree: str, paths: Sequence[str]) -> bool:
    """Whether files can import a module beside them: those of a package, and scripts that do."""
    if places.is_package(tree):
        return True
    siblings = {
        file.rpartition("/")[2].removesuffix(".py")
        for file in places.files
        if folder_of(file) == tree
    }
    return all(any(imports(places.text(path), one) for one in siblings) for path in paths)


def _with_module(places: Places, paths: Sequence[str], splits: Collection[Split]) -> list[Split]:
    context = places.context
    text = _source(context, [one.batch for one in splits])
    path = places.free(common([folder_of(one) for one in paths]), "embeddings", text)
    if path not in places.files:
        sites = tuple(one.site.id for one in splits)
        context.files.append(NewFile(path, text, paths[0], sites))
    return [
        replace(
            one,
            batch=replace(
                one.batch,
                module=places.imported_as(path, one.site.path),
                path=path,
                own=places.own_modules(one.site.path),
            ),
        )
        for one in splits
    ]


def _source(context: Context, batches: Iterable[EmbeddingBatch]) -> str:
    """The module's text; a function takes as few texts as the most particular of its models."""
    sizes: dict[tuple[bool, str, str, tuple[str, ...]], int] = {}
    for one in batches:
        key = (one.asynchronous, one.input_name, one.rows, one.counts)
        sizes[key] = min(one.size, sizes.get(key, one.size))
    functions = [_function(Splitting(size, *key)) for key, size in sorted(sizes.items())]
    return "\n\n".join([_HEAD.replace("PROVIDER", context.provider.name_en), *functions]).rstrip(
        "\n"
    )


def _function(one: Splitting) -> str:
    start = "async def" if one.asynchronous else "def"
    head = f"{start} {one.name}({one.annotated}) -> Any:"
    if one.asynchronous:
        head = f"{start} {one.name}(\n    {one.annotated}\n) -> Any:"
    return f"{head}\n{one.body}"
