"""Questions to the files that call openai before 1.0, as they are written."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from migrator.analysis import surface
from migrator.analysis.sites import CallFacts, Place, Site, Span
from migrator.discovery.statements import import_statements, plain, words
from migrator.planning import syntax
from migrator.planning.legacy import knowledge
from migrator.planning.legacy.release import covers
from migrator.source import SourceText, tree_of

# Names of the module that one of the releases has and the other has not.
_NAMES = re.compile(
    r"[A-Z]\w*|error|api_base|base_url|chat|completions|embeddings|api_resources", re.ASCII
)
_NUMBERS = frozenset({"openai.__version__", "openai.VERSION", "openai.version.VERSION"})
_WORDS = re.compile(r"version|VERSION|hasattr|getattr")
_MISSING = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception"})
_MANY = 99
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Files:
    """The texts of the repository's files that mention OpenAI, by path."""

    sources: Mapping[str, SourceText]

    def tree(self, path: str) -> ast.Module | None:
        """The syntax tree of a file; None where it does not parse."""
        source = self.sources.get(path)
        return tree_of(source.text) if source is not None else None

    def text(self, path: str) -> str:
        """The text of a file."""
        source = self.sources.get(path)
        return source.text if source is not None else ""

    def slice(self, place: Place) -> str:
        """The text of a place."""
        source = self.sources.get(place.path)
        return source.slice(place.span) if source is not None else ""

    def chooses_by_release(self, path: str) -> bool:
        """Whether a file asks which release of openai is installed, and has a way for each.

        By its number, or by a name that one of them lacks: then something else is done in its
        place.
        """
        return _chooses_by_release(self.text(path))

    def names_method(self, callee: Place, api: str) -> bool:
        """Whether a call names the class method it calls (`openai.ChatCompletion.create`)."""
        written = syntax.dotted(self.sources.get(callee.path), callee.span)
        name = api.rpartition(".")[2]
        if knowledge.is_utility(api):
            return written == name
        return not written.startswith(".") and written.endswith(f".{name}")

    def names_class(self, path: str) -> bool:
        """Whether a file names a class of openai before 1.0, or imports one."""
        return _names_class(self.text(path))

    def arrival(self, site: Site, facts: CallFacts) -> Place:
        """The expression that gives a call's answer: the call, or what awaits it there."""
        here = Place(site.path, site.span)
        source, tree = self.sources.get(site.path), self.tree(site.path)
        if not facts.asynchronous or source is None or tree is None:
            return here
        for node in ast.walk(tree):
            if isinstance(node, ast.Await) and source.span_of(node.value) == site.span:
                return Place(site.path, source.span_of(node))
        return here

    def catches_missing_keys(self, place: Place) -> bool:
        """Whether a place lies in a `try` that catches KeyError by its name."""
        if "KeyError" not in self.text(place.path):
            return False
        tree, line = self.tree(place.path), place.span.line
        return any(
            isinstance(node, ast.Try)
            and node.body[0].lineno <= line <= (node.body[-1].end_lineno or line)
            and any(
                one.type is not None and "KeyError" in ast.dump(one.type) for one in node.handlers
            )
            for node in (ast.walk(tree) if tree is not None else ())
        )

    def imports(self, path: str, other: str) -> bool:
        """Whether a file has an import statement that can mean another file."""
        name = re.sub(r"(/__init__)?\.pyw?$", "", other).rpartition("/")[2]
        return name.encode() in _imported_words(self.text(path))

    def related(self, path: str, other: str) -> bool:
        """Whether two files may be parts of one program: one's folder holds the other's."""
        one, two = path.rpartition("/")[0], other.rpartition("/")[0]
        return covers(one, other) or covers(two, path) or self.linked(path, other)

    def linked(self, path: str, other: str) -> bool:
        """Whether one of two files imports the other."""
        return self.imports(path, other) or self.imports(other, path)

    def reads_key(self, path: str) -> bool:
        """Whether the key of the module is read in a file, or in one of its program."""
        return any(self.related(one, path) for one, reads in self._loads.items() if reads)

    @cached_property
    def _loads(self) -> dict[str, bool]:
        """Whether a file reads `openai.api_key`, of those that name it."""
        return {
            path: any(
                isinstance(node, ast.Attribute)
                and node.attr == "api_key"
                and isinstance(node.ctx, ast.Load)
                and isinstance(node.value, ast.Name)
                and node.value.id == "openai"
                for node in ast.walk(tree)
            )
            for path, source in self.sources.items()
            if "openai.api_key" in source.text and (tree := self.tree(path)) is not None
        }

    def assigned(self, path: str, name: str) -> str:
        """What a name is given in a file, where that is one statement of the module; else empty."""
        tree = self.tree(path)
        if tree is None or not name.isidentifier():
            return ""
        stored = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        ]
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[target], value=value) if stored == [target]:
                    return ast.unparse(value)
        return ""

    def runs_after(self, span: Span, path: str, statement: Span) -> bool:
        """Whether the code at a span runs after a statement of the module's own."""
        return span.line > statement.end_line or self.in_function(span, path)

    def in_function(self, span: Span, path: str) -> bool:
        """Whether a place lies in the body of a function."""
        tree, source = self.tree(path), self.sources.get(path)
        if tree is None or source is None:
            return False
        for node in ast.walk(tree):
            if isinstance(node, _Function):
                body = [node.body] if isinstance(node, ast.Lambda) else node.body
                first, last = source.span_of(body[0]), source.span_of(body[-1])
                begins = (first.line, first.column) <= (span.line, span.column)
                if begins and (span.line, span.column) < (last.end_line, last.end_column):
                    return True
        return False

    def positional(self, path: str, span: Span) -> int:
        """How many arguments the call at a span has without a name; a spread one is many."""
        tree = self.tree(path)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Call) and node.lineno == span.line and node.args:
                source = self.sources[path].line(span.line)
                if node.col_offset == len(source[: span.column].encode()) and (
                    node.end_lineno == span.end_line
                ):
                    spread = any(isinstance(one, ast.Starred) for one in node.args)
                    return _MANY if spread else len(node.args)
        return 0

    def names(self, path: str) -> frozenset[str]:
        """Every name that a file uses in any way."""
        tree = self.tree(path)
        found: set[str] = set()
        for node in ast.walk(tree) if tree is not None else ():
            match node:
                case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                    found.add(name)
                case ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
                case ast.alias(name=name, asname=local):
                    found.add(local or name)
                case ast.Global(names=names) | ast.Nonlocal(names=names):
                    found.update(names)
        return frozenset(found)


@lru_cache(maxsize=1024)
def _imported_words(text: str) -> frozenset[bytes]:
    """The words of a file's import statements."""
    return frozenset(words(import_statements(plain(text.encode("utf-8", "surrogatepass")))))


@lru_cache(maxsize=1024)
def _chooses_by_release(text: str) -> bool:
    return _asks_for_release(text) or _tries_import(text)


@cache
def _class_names() -> re.Pattern[str]:
    """What a text has that names a class of openai before 1.0, and may have without."""
    names = rf"(?:{'|'.join(surface.every('legacy_class'))})\b"
    return re.compile(rf"\.{names}|from\s+openai\s+import\s*(?:\([^)]*|[^\n]*)\b{names}")


@lru_cache(maxsize=1024)
def _names_class(text: str) -> bool:
    tree = tree_of(text) if _class_names().search(text) else None
    modules = {"openai"}
    named: set[tuple[str, str]] = set()
    for node in ast.walk(tree) if tree is not None else ():
        match node:
            case ast.Import(names=names):
                modules |= {one.asname for one in names if one.name == "openai" and one.asname}
            case ast.ImportFrom(module="openai", names=names, level=0):
                named |= {("openai", one.name) for one in names}
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                named.add((module, name))
    return any(
        module in modules and surface.legacy_class(name) is not None for module, name in named
    )


def _asks_for_release(text: str) -> bool:
    """Whether a file asks for the number of the release, or for a name that only one has."""
    tree = tree_of(text) if _WORDS.search(text) else None
    for node in ast.walk(tree) if tree is not None else ():
        match node:
            case ast.Attribute() if syntax.dotted_path(node) in _NUMBERS:
                return True
            case ast.Call(
                func=ast.Name(id="hasattr" | "getattr"),
                args=[ast.Name(id="openai"), ast.Constant(value=str(name)), *_],
            ) if _NAMES.fullmatch(name):
                return True
            case ast.Call(func=called, args=[ast.Constant(value="openai"), *_]) if (
                syntax.dotted_path(called).rpartition(".")[2] == "version"
            ):
                return True
    return False


def _tries_import(text: str) -> bool:
    """Whether a file imports a client, and goes on without one where there is none."""
    tree = tree_of(text) if "except" in text else None
    return any(
        isinstance(node, ast.Try)
        and any(_imports_client(one) for one in node.body)
        and any(_catches_missing(one) for one in node.handlers)
        for node in (ast.walk(tree) if tree is not None else ())
    )


def _imports_client(statement: ast.stmt) -> bool:
    """Whether a statement imports a class that openai has since 1.0."""
    return isinstance(statement, ast.ImportFrom) and any(
        surface.client_class(f"{statement.module}.{alias.name}") is not None
        for alias in statement.names
        if not statement.level
    )


def _catches_missing(handler: ast.ExceptHandler) -> bool:
    """Whether a handler is for a name that could not be imported."""
    kinds = ast.walk(handler.type) if handler.type is not None else ()
    named = {node.id for node in kinds if isinstance(node, ast.Name)}
    return handler.type is None or not named.isdisjoint(_MISSING)
