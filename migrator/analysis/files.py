"""Configuration files that a program opens and loads: `yaml.safe_load(open("config.yaml"))`.

An opened file is known by the literal that names it. What loading it gives are the values of the
repository's files of that name (see loaded.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from migrator.analysis.loaded import EXPORT, names_a_file, original
from migrator.analysis.values import Bag, Constant, Made, Opaque, Piece, Value

if TYPE_CHECKING:
    from migrator.analysis.instances import CallInstance, Given
    from migrator.analysis.solver import Solver

LiteralKey = tuple[int, int]
Handler = Callable[["Solver", "CallInstance", "tuple[Given, ...]"], object]

OPENED = "builtins.open"
CONTENTS = f"{OPENED}.read"
PARSER = "configparser.ConfigParser"
_STREAM = ("stream", "fp", "f", "s", "file", "file_", "file_path", "filename", "filenames")
_OPENERS = frozenset({"builtins.open", "io.open", "codecs.open", "aiofiles.open", "pathlib.open"})
# Functions that read a file, or a text, and give what it says.
LOADERS = frozenset(
    {
        *(f"yaml.{name}load" for name in ("", "safe_", "full_", "unsafe_")),
        *(f"{package}.{name}" for package in ("json", "toml", "tomllib", "tomli", "tomlkit",
          "rtoml", "pytoml", "json5", "commentjson", "orjson", "ujson", "simplejson", "hjson",
          "jsonc", "pyjson5", "oyaml") for name in ("load", "loads", "parse", "safe_load")),
        *(f"ruamel.yaml.{name}" for name in ("YAML.load", "safe_load", "load", "round_trip_load")),
        *(f"omegaconf.{name}load" for name in ("OmegaConf.", "")),
        *(f"box.{name}.from_{form}" for name in ("Box", "ConfigBox")
          for form in ("yaml", "json", "toml")),
        "anyconfig.load",
        "munch.Munch.fromYAML",
        "mmengine.Config.fromfile",
        "mmcv.Config.fromfile",
    }
)  # fmt: skip
# Functions that give a mapping they are given, with its entries for attributes.
_WRAPPERS = frozenset(
    {
        "omegaconf.OmegaConf.create",
        "omegaconf.OmegaConf.to_container",
        "omegaconf.OmegaConf.structured",
        "box.Box",
        "box.ConfigBox",
        "easydict.EasyDict",
        "munch.munchify",
        "munch.Munch",
        "munch.DefaultMunch.fromDict",
        "addict.Dict",
        "attrdict.AttrDict",
        "dotmap.DotMap",
        "ml_collections.ConfigDict",
        "ml_collections.config_dict.ConfigDict",
    }
)
_PARSERS = frozenset(
    f"configparser.{name}" for name in ("ConfigParser", "RawConfigParser", "SafeConfigParser")
)
_READS = frozenset({"get", "getint", "getfloat", "getboolean"})
# Methods of a path that open the file, or read it.
METHODS = frozenset({"open", "read_text", "read_bytes"})
# Methods of a path that give the same path.
SAME_PATH = frozenset({"resolve", "absolute", "expanduser", "as_posix"})


def opened(solver: Solver, value: Value, target: int, *, read: bool = False) -> None:
    """Let `target` hold the file that a path leads to, or its contents."""
    held = value.of if isinstance(value, Piece) else value
    match held:
        case Constant(value=str(text), literal=literal) if names_a_file(text):
            solver.add(target, solver.intern(Made, CONTENTS if read else OPENED, literal))
            if not read:
                return
    solver.add(target, solver.opaque)


def _open(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    for item in given[:1]:
        solver.watch(item.node, partial(opened, solver, target=instance.result))


def read(solver: Solver, method: str, file: LiteralKey, instance: CallInstance) -> None:
    """A method of an opened file."""
    if method == "read":
        solver.add(instance.result, solver.intern(Made, CONTENTS, file))
    solver.add(instance.result, solver.opaque)


def load(
    solver: Solver, instance: CallInstance, given: tuple[Given, ...], otherwise: Value
) -> None:
    """What a file says, by one of LOADERS; for anything else `otherwise`."""
    found: list[int] = []

    def take(value: Value) -> None:
        for document in _documents(solver, value, instance.key[0]):
            found.append(document)
            _give(solver, document, instance.result)

    def give_up() -> None:
        if not found:
            solver.add(instance.result, otherwise)

    for item in given:
        if item.name in {"", *_STREAM}:
            solver.watch(item.node, take)
            solver.watch(item.node, lambda _: solver.later(give_up))
            return


def _give(solver: Solver, document: int, target: int) -> None:
    facts = solver.modules[document]
    frame = solver.frames[solver.module_frame(document)]
    solver.connect(frame.base + facts.exports[EXPORT], target)


def _documents(solver: Solver, value: Value, module: int) -> Iterator[int]:
    """The configuration files that a value may be, or lead to."""
    match value:
        case Made(path=path, origin=literal) if path in {OPENED, CONTENTS}:
            yield from _named(solver, literal, module)
        case (
            Constant(value=str(text), literal=literal)
            | Piece(of=Constant(value=str(text), literal=literal))
        ) if names_a_file(text):
            yield from _named(solver, literal, module)


def _named(solver: Solver, literal: LiteralKey, module: int) -> Iterator[int]:
    """The files that a literal names: from the folder of a module or the nearest one above it.

    Where there is none, the only one of that name in the repository. A file to be copied under that
    name stands for it.
    """
    home, index = literal
    if home < 0:
        return
    name = str(solver.modules[home].literals[index].value).lstrip("./")
    by_path: dict[str, list[int]] = {}
    for number, facts in enumerate(solver.modules):
        if facts.is_document and f"/{original(facts.path)}".endswith(f"/{original(name)}"):
            by_path.setdefault(original(facts.path), []).append(number)
    folder = solver.modules[module].path.rpartition("/")[0]
    while True:
        wanted = original(f"{folder}/{name}" if folder else name)
        if wanted in by_path:
            yield from by_path[wanted]
            return
        if not folder:
            break
        folder = folder.rpartition("/")[0]
    if len(by_path) == 1:
        yield from next(iter(by_path.values()))


def _wrap(solver: Solver, instance: CallInstance, given: tuple[Given, ...], path: str) -> None:
    """`Box(mapping)`: the mapping."""
    from migrator.analysis.library import made

    def take(value: Value) -> None:
        kept = isinstance(value, Bag | Constant)
        solver.add(instance.result, value if kept else made(solver, path, instance.key))

    for item in given[:1]:
        solver.watch(item.node, take)


# -- configparser -----------------------------------------------------------------------------


def _parser(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    solver.add(instance.result, solver.intern(Made, PARSER, instance.key))


def call_parser(
    solver: Solver,
    method: str,
    parser: LiteralKey,
    instance: CallInstance,
    given: tuple[Given, ...],
) -> None:
    """A call of a method of a parser of INI files."""
    held = solver.option(parser, EXPORT)
    plain = [item.node for item in given if item.name in {"", *_STREAM}]
    if method in {"read", "read_file", "readfp"} and plain:
        solver.watch(plain[0], _read_into, solver, held, instance.key[0])
    elif method in _READS and len(plain) > 1:
        section = solver.node()
        solver.watch(plain[0], _ask, solver, held, section)
        solver.watch(plain[1], _ask, solver, section, instance.result)
        for item in given:
            if item.name == "fallback":
                solver.connect(item.node, instance.result)
    else:
        solver.add(instance.result, solver.opaque)


def _read_into(solver: Solver, held: int, module: int, value: Value) -> None:
    from migrator.analysis.operations import iterate
    from migrator.analysis.values import Sequence

    if isinstance(value, Sequence):
        each = solver.node()
        iterate(solver, value, each)
        solver.watch(each, _read_into, solver, held, module)
    documents = list(_documents(solver, value, module))
    for document in documents:
        _give(solver, document, held)
    if not documents:
        solver.add(held, solver.opaque)


def _ask(solver: Solver, base: int, target: int, key: Value) -> None:
    if isinstance(key, Constant) and isinstance(key.value, str):
        text, literal = key.value, key.literal
        solver.watch(base, lambda value: entry(solver, value, text, target, literal))
    else:
        solver.add(target, solver.opaque)


def entry(
    solver: Solver, value: Value, name: str, target: int, literal: LiteralKey | None = None
) -> None:
    """Let `target` hold what is kept under a name in a section, or in the parser."""
    from migrator.analysis.operations import take_entry

    if isinstance(value, Bag):
        take_entry(solver, value, name, target, literal)
    elif isinstance(value, Opaque):
        solver.add(target, value)


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(_OPENERS, _open),
    **dict.fromkeys(_PARSERS, _parser),
    **{path: partial(_wrap, path=path) for path in _WRAPPERS},
}
