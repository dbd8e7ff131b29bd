"""What the standard library's and common packages' functions do with the values they are given.

One table says which function behaves in which way; a dotted path may end in `*` for any attribute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from migrator.analysis import answers, configuration, files, filling, surface
from migrator.analysis.values import (
    Bag,
    Bound,
    Class,
    Client,
    Composed,
    Constant,
    Encoded,
    External,
    Function,
    Instance,
    Made,
    Member,
    Partial,
    Piece,
    Sequence,
    Super,
    Value,
    Variable,
)

if TYPE_CHECKING:
    from migrator.analysis.instances import CallInstance, Given
    from migrator.analysis.solver import Solver

Handler = Callable[["Solver", "CallInstance", "tuple[Given, ...]"], object]

# Mappings of the environment: `mapping["NAME"]` and `mapping.get("NAME")` read a variable.
_ENVIRONMENTS = frozenset(
    {
        "os.environ",
        "os.environb",
        "dotenv.dotenv_values",
        "dotenv.dotenv_values.*",
        "streamlit.secrets",
        "starlette.config.environ",
        "google.colab.userdata",
        "environ.Env",
        "decouple.config",
    }
)

# Functions whose first argument names a variable; the second one, or `default=`, is the fallback.
_READERS = frozenset(
    {
        "os.getenv",
        "os.getenvb",
        "os.environ.get",
        "os.environ.pop",
        "os.environ.setdefault",
        "os.environ.__getitem__",
        "decouple.config",
        "decouple.config.get",
        "dotenv.get_key",
        "streamlit.secrets.get",
        "google.colab.userdata.get",
        "environs.env.str",
        "environs.env",
        "airflow.models.Variable.get",
        "airflow.sdk.Variable.get",
        "kaggle_secrets.UserSecretsClient.get_secret",
        "dotenv.dotenv_values.get",
        "fastapi.Config",
        "langchain_core.utils.get_from_env",
        "langchain.utils.get_from_env",
        "haystack.utils.Secret.from_env_var",
        "haystack.utils.auth.Secret.from_env_var",
    }
)

# Those that give None where the variable is not set and no fallback is given.
_FORGIVING = frozenset(
    {
        "os.getenv",
        "os.getenvb",
        "os.environ.get",
        "dotenv.get_key",
        "dotenv.dotenv_values.get",
        "streamlit.secrets.get",
    }
)
# Classes whose instances read variables, by a call or by one of the methods below it.
_READER_CLASSES = frozenset(
    {
        "environ.Env",
        "environ.FileAwareEnv",
        "environ.environ.Env",
        "environs.Env",
        "environs.EnvManager",
        "starlette.config.Config",
        "decouple.AutoConfig",
        "decouple.Config",
    }
)
_READER_METHODS = frozenset({"__call__", "str", "url", "get", "get_value"})

# Functions that give back (what is in) one of their arguments: the index of that argument.
_PASSES_ON = {
    "builtins.str": 0,
    "builtins.iter": 0,
    "builtins.filter": 1,
    "heapq.nlargest": 1,
    "heapq.nsmallest": 1,
    "itertools.dropwhile": 1,
    "itertools.filterfalse": 1,
    "itertools.takewhile": 1,
    "copy.copy": 0,
    "copy.deepcopy": 0,
    "io.BytesIO": 0,
    "io.StringIO": 0,
    "typing.cast": 1,
    "asyncio.run": 0,
    "asyncio.as_completed": 0,
    "asyncio.wait_for": 0,
    "asyncio.shield": 0,
    "asyncio.create_task": 0,
    "asyncio.ensure_future": 0,
    "contextlib.closing": 0,
    "haystack.utils.Secret.from_token": 0,
    "haystack.utils.auth.Secret.from_token": 0,
    "contextlib.nullcontext": 0,
    "contextlib.aclosing": 0,
    "functools.lru_cache": 0,
    "functools.cache": 0,
    "functools.wraps": 0,
    "contextlib.contextmanager": 0,
    "contextlib.asynccontextmanager": 0,
    "pydantic.SecretStr": 0,
    "streamlit.cache_resource": 0,
    "streamlit.cache_data": 0,
    "types.MappingProxyType": 0,
    "tqdm.tqdm": 0,
    "tqdm.auto.tqdm": 0,
    "tqdm.notebook.tqdm": 0,
    "rich.progress.track": 0,
    "pathlib.Path": 0,
    "builtins.vars": 0,
}

# Functions that call one of their arguments with each item of another, by the positions of both;
# -1 for a function that is given as `key`.
_ASKS_EACH = {
    "builtins.sorted": (-1, 0),
    "builtins.max": (-1, 0),
    "builtins.min": (-1, 0),
    "builtins.filter": (0, 1),
    "builtins.map": (0, 1),
    "functools.reduce": (0, 1),
    "heapq.nlargest": (-1, 1),
    "heapq.nsmallest": (-1, 1),
    "itertools.dropwhile": (0, 1),
    "itertools.filterfalse": (0, 1),
    "itertools.takewhile": (0, 1),
}

_ASK_THEMSELVES = frozenset({"builtins.map", "functools.reduce"})  # by what is done for them below
_GIVE_ONE = frozenset({"builtins.max", "builtins.min"})

# Functions that give what signs in at Azure in the place of a key.
SIGN_INS = frozenset(
    {"azure.identity.get_bearer_token_provider", "azure.identity.aio.get_bearer_token_provider"}
)

# Functions that join their arguments to a longer text.
_JOINS = frozenset({"urllib.parse.urljoin", "os.path.join", "posixpath.join", "yarl.URL"})
# How the arguments of those that make a URL are put behind the first.
URL_JOINS = {"urllib.parse.urljoin": "urljoin", "os.path.join": "base", "posixpath.join": "base"}

# Functions that give the JSON text of their first argument.
_ENCODERS = frozenset({"json.dumps", "orjson.dumps", "ujson.dumps", "simplejson.dumps"})

# Functions that call one of their arguments with the rest: the index of the callable.
_CALLS = {
    "asyncio.to_thread": 0,
    "anyio.to_thread.run_sync": 0,
    "starlette.concurrency.run_in_threadpool": 0,
    "fastapi.concurrency.run_in_threadpool": 0,
    "threading.Thread": -1,
    "fastapi.Depends": 0,
    "fastapi.param_functions.Depends": 0,
    "dependency_injector.providers.Singleton": 0,
    "dependency_injector.providers.Factory": 0,
}

# Decorators that keep what a function takes and gives: called with the function, or with options
# first. And what runs a function that it is called with.
_WRAPPERS = frozenset(
    {
        "tenacity.retry",
        "backoff.on_exception",
        "backoff.on_predicate",
        "retrying.retry",
        "retry.retry",
        "stamina.retry",
        "ratelimit.limits",
        "ratelimit.sleep_and_retry",
        "cachetools.cached",
        "asgiref.sync.sync_to_async",
        "asyncer.asyncify",
    }
)
_RUNNERS = frozenset({"tenacity.Retrying", "tenacity.AsyncRetrying"})

# What sends a function's call elsewhere, with the arguments that it is given (of Celery and Ray).
SENT_ELSEWHERE = frozenset({"delay", "s", "si", "remote"})
# Widgets that give one of their options (of Streamlit).
_WIDGETS = "streamlit"
_OPTIONS = frozenset({"selectbox", "radio", "select_slider", "pills", "segmented_control"})
# What holds a client in something of another package is called so: `context.obj.client`.
_HOLDERS = ("client", "openai", "oai", "llm")

# Methods of unknown objects that call one of their arguments: the index of the callable.
_OF_EVENT_LOOPS = "run_in_executor"
_CALLING_METHODS = {"submit": 0, _OF_EVENT_LOOPS: 1, "run_sync": 0}

# Methods of unknown objects (pools, executors) that call a function for every item.
_MAPPING_METHODS = frozenset({"map", "imap", "imap_unordered"})

# Methods of unknown objects that give back what they are given.
_ENTERING_METHODS = frozenset({"enter_context", "enter_async_context", "run_until_complete"})

# Packages whose classes have no fields but those that the classes derived from them declare.
_MODELS = frozenset({"pydantic", "pydantic_settings"})

# Field declarations: `default=` (or the first argument), and the keyword that names a maker.
_FIELDS = {
    "dataclasses.field": ("default_factory", False),
    "pydantic.Field": ("default_factory", True),
    "pydantic.PrivateAttr": ("default_factory", True),
    "pydantic.fields.Field": ("default_factory", True),
    "typer.Option": ("default_factory", True),
    "typer.Argument": ("default_factory", True),
    "fastapi.Query": ("default_factory", True),
    "fastapi.Body": ("default_factory", True),
    "fastapi.Form": ("default_factory", True),
    "attr.ib": ("factory", True),
    "attr.field": ("factory", True),
    "attrs.field": ("factory", True),
    "attr.Factory": ("factory", True),
    "attrs.Factory": ("factory", True),
    "msgspec.field": ("default_factory", False),
}


# Top-level names whose attributes and calls mean something here; of any other package it only
# matters that a value is the package's.
HTTP_MODULES = frozenset(
    {
        "requests",
        "httpx",
        "httpx2",
        "aiohttp",
        "urllib",
        "urllib3",
        "http",
        "tornado",
        "niquests",
        "curl_cffi",
        "curl",
    }
)
# What requests are sent by, more than once or later: which one it is tells base URL and headers.
SENDERS = frozenset(
    {
        "requests.Session",
        "requests.session",
        "requests.sessions.Session",
        "niquests.Session",
        "curl_cffi.requests.Session",
        "httpx.Client",
        "httpx.AsyncClient",
        "httpx2.Client",
        "httpx2.AsyncClient",
        "aiohttp.ClientSession",
        "http.client.HTTPSConnection",
        "urllib.request.Request",
        "urllib3.PoolManager",
    }
)
_WHOLE = HTTP_MODULES | {"openai", "argparse", "contextvars"}
_KNOWN = (
    _WHOLE
    | {
        path.split(".")[0]
        for table in (
            *(_ENVIRONMENTS, _READERS, _READER_CLASSES, _PASSES_ON, _JOINS, _ENCODERS),
            *(_CALLS, _FIELDS, _WRAPPERS, _RUNNERS, SIGN_INS, files.HANDLERS, files.LOADERS),
        )
        for path in table
    }
    | {"importlib", "enum", "pydantic_settings", "random", "secrets", "collections", "itertools"}
)


@cache
def matters(top: str) -> bool:
    """Whether something is known of the package of that name."""
    return top in _KNOWN or top in surface.reserved_modules() or top.startswith("langfuse")


@cache
def _tables() -> tuple[str, ...]:
    tables = (
        *(_ENVIRONMENTS, _READERS, _PASSES_ON, _CALLS, _FIELDS, _SPECIAL),
        *(_WRAPPERS, _RUNNERS, SIGN_INS, files.LOADERS),
    )
    return tuple(sorted({path for table in tables for path in table}))


@cache
def _keeps_path(path: str) -> bool:
    """Whether more is known of what was called than which package it belongs to."""
    top = path.split(".", 1)[0]
    if top in surface.reserved_modules() or top in _WHOLE:
        return True
    return any(
        known == path or known.startswith(path + ".") or path.startswith(known + ".")
        for known in _tables()
    )


# Roles of what is no client, of which it matters all the same which call made it.
_TOLD_APART = frozenset({"settings", "chooser", "user"})


def made(solver: Solver, path: str, origin: tuple[int, int]) -> Value:
    """What a call of something external gives; who made it matters for some alone."""
    top = path.split(".", 1)[0]
    if top == "builtins":
        return solver.opaque
    known = surface.framework_class(path)
    ours = known is not None and (known.makes_client or known.role in _TOLD_APART)
    told_apart = path in SENDERS or ours
    if told_apart or path.startswith((_PARSER, _CONTEXT_VARIABLE)):
        return solver.intern(Made, path, origin)
    kept = _keeps_path(path) or hands_on(path.rpartition(".")[2])
    return solver.intern(Made, path if kept else top, (-1, -1))


def inherited(solver: Solver, base: str, name: str) -> Value:
    """An attribute that a class of the repository may have from a class outside it."""
    if configuration.of_application(base, name):
        return solver.intern(Made, configuration.FLASK, (-1, -1))
    top = base.split(".", 1)[0]
    kept = top in surface.reserved_modules() or top in _MODELS
    return solver.intern(Made, f"{base}.{name}", (-1, -1)) if kept else solver.opaque


def calls_what_it_is_given(path: str) -> bool:
    """Whether calling this calls a function among its arguments, or wraps one."""
    return path in _WRAPPERS or path in _RUNNERS or hands_on(path.rpartition(".")[2])


def is_of_event_loops(method: str) -> bool:
    """Whether a method's name is one that event loops alone have, and that calls its argument."""
    return method.rpartition(".")[2] == _OF_EVENT_LOOPS


def says_nothing(path: str) -> bool:
    """Whether a value only stands beside another that says what it is.

    Such are an attribute of a class whose fields are all declared in the repository, and an item of
    the environment, which is a variable's value too.
    """
    return path.split(".", 1)[0] in _MODELS or path.rpartition(".[")[0] in _ENVIRONMENTS


def hands_on(method: str) -> bool:
    """Whether a method of that name calls one of its arguments, on whatever object."""
    return method in _CALLING_METHODS or method in {*_ENTERING_METHODS, *_MAPPING_METHODS}


def follows(path: str) -> bool:
    """Whether it is known here what a function does with the values that it is given."""
    tables = (_PASSES_ON, _CALLS, _FIELDS, _SPECIAL, _READERS)
    if path.startswith((_CONTEXT_VARIABLE, _NAMED_TUPLE)):
        return True
    return path not in _SHOWS and any(path in table for table in tables)


# Functions that pass a string on, and make one of anything else.
_SHOWS = frozenset({"builtins.str", "builtins.vars"})


def is_kept_on(path: str, name: str) -> bool:
    """Whether what is put on something outside the repository is found again by its name.

    On `st.session_state`, on the state of an application, on `threading.local()`: not on what means
    something here itself, but for the key and the address that the openai module is given.
    """
    if surface.is_access_of_module(f"{path}.{name}"):
        return True
    top = path.split(".", 1)[0]
    return not (top in _WHOLE or top in surface.reserved_modules() or top == "os")


def may_hold_a_client(path: str, name: str) -> bool:
    """Whether an attribute of something of another package is what a program has put there."""
    lowered = name.lower()
    return not matters(path.split(".", 1)[0]) and any(part in lowered for part in _HOLDERS)


def makes_rows(path: str) -> bool:
    """Whether each of a row is like the whole: the columns of a page, its tabs."""
    return path == _WIDGETS


def keeper(path: str) -> str:
    """The package that keeps what is put on something of its own; two that share their state."""
    top = path.split(".", 1)[0]
    return "fastapi" if top == "starlette" else top


def reads_environment(path: str) -> bool:
    """Whether `path[...]` reads an environment variable or secret."""
    return path in _ENVIRONMENTS


def is_of_environment(path: str) -> bool:
    """Whether something is a mapping of the environment, a part or a copy of one."""
    return not {path, path.rpartition(".")[0]}.isdisjoint(_ENVIRONMENTS | _READER_CLASSES)


def call_external(
    solver: Solver, path: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    """A call of something outside the repository."""
    if path in _ASKS_EACH and path not in _ASK_THEMSELVES:
        _ask_each(solver, instance, given, path)
    if path in _READERS:
        read_variable(solver, instance, given, forgiving=path in _FORGIVING)
    elif path in _READER_CLASSES:
        _make_reader(solver, path, instance, given)
    elif path in _PASSES_ON:
        _pass_on(solver, instance, given, _PASSES_ON[path], shows=path in _SHOWS)
    elif path in _JOINS:
        for item in given:
            solver.watch(item.node, lambda value: _join_text(solver, value, instance.result))
        if path in URL_JOINS:
            parts = tuple(item.node for item in given)
            solver.add(instance.result, solver.intern(Composed, path, parts))
    elif path in _ENCODERS:
        _encode(solver, path, instance, given)
    elif path in _CALLS:
        _call_argument(solver, instance, given, _CALLS[path])
    elif path in _WRAPPERS:
        _wrap_function(solver, path, instance, given)
    elif path in _FIELDS:
        _declare_field(solver, instance, given, *_FIELDS[path])
    elif path in _SPECIAL:
        _SPECIAL[path](solver, instance, given)
    elif path in files.LOADERS:
        files.load(solver, instance, given, made(solver, path, instance.key))
    elif _is_widget(path):
        _choose_option(solver, path, instance, given)
    elif configuration.overrides(path):
        configuration.override(solver, instance, given)
    elif surface.is_wrapper(path):
        _wrap(solver, path, instance, given)
    else:
        solver.add(instance.result, made(solver, path, instance.key))
        if path.split(".", 1)[0] not in HTTP_MODULES:
            _keep_by_name(solver, path, instance, given)


def call_made(
    solver: Solver,
    path: str,
    origin: tuple[int, int],
    instance: CallInstance,
    given: tuple[Given, ...],
) -> None:
    """A call of what a call of something external gave, or of its methods."""
    owner, _, method = path.rpartition(".")
    if surface.is_fluent(method) and surface.framework_class(owner) is not None:
        solver.add(instance.result, solver.intern(Made, owner, origin))
    elif path.startswith(_PARSER):
        _call_parser(solver, method, origin, instance, given)
    elif configuration.is_method(path):
        configuration.call_method(solver, path, instance, given)
    elif path.startswith(_CONTEXT_VARIABLE):
        _call_context_variable(solver, method, origin, instance, given)
    elif path.startswith(files.PARSER):
        files.call_parser(solver, method, origin, instance, given)
    elif path.startswith(files.OPENED):
        files.read(solver, method, origin, instance)
    elif path in files.LOADERS:
        files.load(solver, instance, given, made(solver, path, instance.key))
    elif _is_widget(path):
        _choose_option(solver, path, instance, given)
    elif path == _NAMED_TUPLE:
        _fill_named_tuple(solver, origin, instance, given)
    elif path in _READERS:
        read_variable(solver, instance, given)
    elif _is_reader(path):
        read_variable(solver, instance, given, declared_by=origin)
    elif path in _PASSES_ON:
        # `lru_cache(maxsize=1)` and its likes give a decorator.
        _pass_on(solver, instance, given, 0)
    elif path in _WRAPPERS:
        _wrap_function(solver, path, instance, given)
    elif path in _RUNNERS:
        _call_argument(solver, instance, given, 0)
    elif method in _ENTERING_METHODS:
        _pass_on(solver, instance, given, 0)
    elif method in _MAPPING_METHODS:
        _map(solver, instance, given)
    elif method in _CALLING_METHODS:
        _call_argument(solver, instance, given, _CALLING_METHODS[method])
    else:
        solver.add(instance.result, made(solver, path, instance.key))
        if path.split(".", 1)[0] not in HTTP_MODULES:
            _keep_by_name(solver, path, instance, given)
            fall_back(solver, instance, given)


def _keep_by_name(
    solver: Solver, path: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    """`session.set("name", value)` and `session.get("name")`, of something outside."""
    _keep_by_key(solver, path, instance, given)
    method = instance.record.method.rpartition(".")[2]
    plain = [item.node for item in given if item.name == ""]
    if not plain or method not in _SETTERS | _LOOK_UPS:
        return

    def take(key: Value) -> None:
        if not (isinstance(key, Constant) and isinstance(key.value, str) and "/" not in key.value):
            return
        if method in _SETTERS:
            for written in plain[1:2]:
                solver.keep(path, key.value, written)
        if method in _LOOK_UPS:
            solver.find_kept(path, key.value, instance.result)

    solver.watch(plain[0], take)


def _keep_by_key(
    solver: Solver, path: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    """`st.text_input("Key", key="name")`: the session's state has the answer under the name."""

    def keep(key: Value) -> None:
        if isinstance(key, Constant) and isinstance(key.value, str):
            solver.keep(path, key.value, instance.result)
            solver.entry_names.add(key.literal)

    for item in given if path.split(".", 1)[0] == _WIDGETS else ():
        if item.name == "key":
            solver.watch(item.node, keep)


def fall_back(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`settings.get("name", default)` of whatever it is may give the default."""
    if instance.record.method.rpartition(".")[2] not in _LOOK_UPS:
        return
    match given:
        case (key, default) if key.name == default.name == "":
            asked = solver.held(key.node, Constant)
            if any(isinstance(one.value, str) and "/" not in one.value for one in asked):
                solver.connect(default.node, instance.result)


# Methods of mappings that give what is under a key, or else their second argument.
_LOOK_UPS = frozenset({"get", "pop", "setdefault"})
# Methods that put their second argument under the first.
_SETTERS = frozenset({"set", "setdefault"})


def call_unknown(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """A call of something of which nothing is known, but the name of the method."""
    if is_of_event_loops(instance.record.method):
        _call_argument(solver, instance, given, _CALLING_METHODS[_OF_EVENT_LOOPS])
    else:
        solver.add(instance.result, solver.opaque)
        fall_back(solver, instance, given)


# -- argparse -----------------------------------------------------------------------------------

_PARSER = "argparse.ArgumentParser"
_CONTEXT_VARIABLE = "contextvars.ContextVar"
NAMESPACE = "argparse.Namespace"
_PARSES = frozenset({"parse_args", "parse_intermixed_args"})


def _call_parser(
    solver: Solver,
    method: str,
    parser: tuple[int, int],
    instance: CallInstance,
    given: tuple[Given, ...],
) -> None:
    """Options declared on a parser are attributes of what it parses, a group's ones too."""
    if method == "add_argument":
        _add_option(solver, parser, given)
    elif method in _PARSES:
        solver.add(instance.result, solver.intern(Made, NAMESPACE, parser))
    else:
        solver.add(instance.result, solver.intern(Made, _PARSER, parser))


def _call_context_variable(
    solver: Solver,
    method: str,
    variable: tuple[int, int],
    instance: CallInstance,
    given: tuple[Given, ...],
) -> None:
    held = solver.option(variable, "value")
    for item in given:
        if method == "set":
            solver.connect(item.node, held)
        elif method == "get":
            solver.connect(item.node, instance.result)
    if method == "get":
        solver.connect(held, instance.result)


def _context_variable(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    for item in given:
        if item.name == "default":
            solver.connect(item.node, solver.option(instance.key, "value"))
    solver.add(instance.result, solver.intern(Made, _CONTEXT_VARIABLE, instance.key))


def _namespace(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`SimpleNamespace(name=value)`: an object with these attributes."""
    for item in given:
        if item.name == "**":
            solver.watch(item.node, _take_attributes, solver, instance.key)
        if item.name not in {"", "*", "**"}:
            solver.connect(item.node, solver.option(instance.key, item.name))
    solver.add(instance.result, solver.intern(Made, NAMESPACE, instance.key))


def _take_attributes(solver: Solver, origin: tuple[int, int], value: Value) -> None:
    if isinstance(value, Bag):
        solver.each_entry(
            value, lambda given: solver.connect(given.node, solver.option(origin, given.name))
        )


def _add_option(solver: Solver, parser: tuple[int, int], given: tuple[Given, ...]) -> None:
    named = next((item for item in given if item.name == "dest"), None)
    names = [named] if named is not None else [item for item in given if item.name == ""]
    texts = [
        str(value.value)
        for item in names
        for value in solver.held(item.node, Constant)
        if isinstance(value.value, str)
    ]
    if not texts:
        return
    chosen = next((text for text in texts if text.startswith("--")), texts[0])
    option = solver.option(parser, chosen.lstrip("-").replace("-", "_"))
    for item in given:
        if item.name == "default":
            solver.connect(item.node, option)
        elif item.name == "choices":
            solver.watch(item.node, iterate_into, solver, option)


def argument(given: tuple[Given, ...], position: int, *names: str) -> Given | None:
    """The argument at a position, or by one of its names."""
    plain = [item for item in given if item.name == ""]
    if 0 <= position < len(plain):
        return plain[position]
    return next((item for item in given if item.name in names), None)


def _is_reader(path: str) -> bool:
    """Whether something made reads a variable when it is called."""
    owner, _, method = path.rpartition(".")
    return path in _READER_CLASSES or (owner in _READER_CLASSES and method in _READER_METHODS)


def _make_reader(
    solver: Solver, path: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    """`Env(NAME=(str, "default"))`: what reads variables, with what they fall back on."""
    for item in given:
        if item.name not in {"", "*", "**"}:
            declared = solver.option(instance.key, item.name)
            solver.watch(item.node, _take_second, solver, declared)
    solver.add(instance.result, solver.intern(Made, path, instance.key))


def _take_second(solver: Solver, node: int, value: Value) -> None:
    if isinstance(value, Sequence):
        for second in solver.items(value)[1:2]:
            solver.connect(second, node)


def read_named(solver: Solver, target: int, source: int, name: Value) -> None:
    """`os.environ[name]`: the variable's value, by the literal that the name comes from."""
    if isinstance(name, Constant) and isinstance(name.value, str):
        solver.read(target, name.value, name.literal, source)
    else:
        solver.add(target, solver.opaque)


def read_variable(
    solver: Solver,
    instance: CallInstance,
    given: tuple[Given, ...],
    declared_by: tuple[int, int] | None = None,
    *,
    forgiving: bool = False,
) -> None:
    """`getenv(name, default)`: the variable's value, or the default.

    Where a reader that was made with declarations reads it, the default may stand in one.
    `forgiving`: without a default it may be None, by the literal that names the variable.
    """
    name = argument(given, 0, "key", "name", "option", "var")
    if name is None:
        return

    default = argument(given, 1, "default", "default_var", "fallback")
    fallback = default.node if default is not None else -1

    def read(value: Value) -> None:
        if isinstance(value, Constant) and isinstance(value.value, str):
            solver.read(instance.result, value.value, value.literal, name.node)
            if declared_by is not None:
                solver.connect(solver.option(declared_by, value.value), instance.result)
        else:
            solver.add(instance.result, solver.opaque)

    def leave_unset(value: Value) -> None:
        if isinstance(value, Constant) and isinstance(value.value, str):
            solver.add(instance.result, solver.intern(Constant, None, value.literal), name.node)

    def fall_back(value: Value) -> None:
        if isinstance(value, Constant) and not value.value:
            solver.watch(name.node, leave_unset)
        else:
            solver.add(instance.result, value, fallback)

    solver.watch(name.node, read)
    if default is None and forgiving:
        solver.watch(name.node, leave_unset)
    elif forgiving:
        solver.watch(fallback, fall_back)
    elif default is not None:
        solver.connect(fallback, instance.result)


def _encode(solver: Solver, path: str, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`json.dumps(mapping)`: the text of a mapping that can be traced."""
    taken = argument(given, 0, "obj")

    def encode(value: Value) -> None:
        kept = isinstance(value, Bag)
        text = solver.intern(Encoded, value) if kept else made(solver, path, instance.key)
        solver.add(instance.result, text)

    if taken is not None:
        solver.watch(taken.node, encode)


def _pass_on(
    solver: Solver,
    instance: CallInstance,
    given: tuple[Given, ...],
    position: int,
    *,
    shows: bool = False,
) -> None:
    taken = argument(given, position)
    if taken is not None and shows:
        solver.watch(taken.node, answers.show, solver, instance.result)
    elif taken is not None:
        solver.connect(taken.node, instance.result)
    elif position == 0:
        # Called with options only: what comes back is still the same decorator.
        for value in list(solver.values[instance.function]):
            if isinstance(value, External):
                solver.add(instance.result, solver.intern(Made, value.path, instance.key))


def _wrap_function(
    solver: Solver, path: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    """`retry(function)`: the function, as far as its callers can tell; else a decorator."""
    decorator = solver.intern(Made, path, instance.key)
    wrapped = argument(given, 0, "func", "function")

    def keep(value: Value) -> None:
        ours = isinstance(value, External) and value.path.startswith("openai.")
        function = ours or isinstance(value, Function | Bound | Partial | Member)
        solver.add(instance.result, value if function else decorator)

    if wrapped is not None:
        solver.watch(wrapped.node, keep)
    else:
        solver.add(instance.result, decorator)


def _wrap(solver: Solver, path: str, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`wrap_openai(client)`: the client, under another class; without one, all of the module's."""
    known = surface.framework_class(path)
    if not given:
        solver.layers[None][path] = None

    def wrap(value: Value) -> None:
        if isinstance(value, Client):
            solver.layers[value.origin][path] = None
        solver.add(instance.result, value)

    wrapped = argument(given, 0, *(known.client if known is not None else ()))
    if wrapped is not None:
        solver.watch(wrapped.node, wrap)


def _call_argument(
    solver: Solver, instance: CallInstance, given: tuple[Given, ...], position: int
) -> None:
    from migrator.analysis.calls import apply

    target = argument(given, position, "target", "func", "dependency")
    if target is None:
        return
    rest = tuple(item for item in given if item is not target and item.name in {"", "*"})[
        max(position, 0) :
    ]
    named = tuple(item for item in given if item.name not in {"", "*"} and item is not target)
    solver.watch(target.node, lambda value: apply(solver, value, instance, (*rest, *named)))


def _declare_field(
    solver: Solver,
    instance: CallInstance,
    given: tuple[Given, ...],
    maker_name: str,
    first_is_default: bool,
) -> None:
    from migrator.analysis.calls import apply

    default = argument(given, 0 if first_is_default else -1, "default")
    maker = next((item for item in given if item.name in {maker_name, "default_factory"}), None)
    if default is not None:
        solver.connect(default.node, instance.result)
    if maker is not None:
        solver.watch(maker.node, lambda value: apply(solver, value, instance, ()))


def _partial(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    if not given:
        return
    if instance not in solver.partials:
        solver.partials.append(instance)
    index = solver.partials.index(instance)
    solver.watch(
        given[0].node,
        lambda value: solver.add(instance.result, solver.intern(Partial, value, index)),
    )


def _import_module(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    name = argument(given, 0, "name")
    if name is None:
        return
    module = solver.frames[instance.frame].module

    def bring(value: Value) -> None:
        if isinstance(value, Constant) and isinstance(value.value, str):
            if not value.value.startswith("."):
                solver.import_module(instance.result, module, value.value, top=False)
        else:
            solver.add(instance.result, solver.opaque)

    solver.watch(name.node, bring)


def _getattr(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    from migrator.analysis.calls import load

    target, name, default = (argument(given, position) for position in range(3))
    if target is None or name is None:
        return

    def read(key: Value) -> None:
        if isinstance(key, Constant) and isinstance(key.value, str):
            solver.watch(
                target.node, lambda value: load(solver, value, str(key.value), instance.result)
            )
        else:
            solver.add(instance.result, solver.opaque)

    solver.watch(name.node, read)
    if default is not None:
        solver.connect(default.node, instance.result)


def _setattr(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    target, name, value = (argument(given, position) for position in range(3))
    if target is None or name is None or value is None:
        return

    def write(key: str, owner: Value) -> None:
        match owner:
            case Instance(of=of) | (Class() as of):
                solver.connect(value.node, solver.attribute(of, key))

    def name_it(key: Value) -> None:
        if isinstance(key, Constant) and isinstance(key.value, str):
            solver.watch(target.node, write, key.value)

    solver.watch(name.node, name_it)


def _super(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    frame_index = instance.frame
    while frame_index >= 0:
        frame = solver.frames[frame_index]
        unit = solver.modules[frame.module].units[frame.unit]
        if unit.class_index is not None and unit.parameters:
            of = solver.intern(Class, frame.module, unit.class_index)
            receiver = frame.base + unit.parameters[0].node
            solver.watch(receiver, _as_super, solver, of, instance.result)
            return
        frame_index = frame.outer


def _as_super(solver: Solver, of: Class, result: int, owner: Value) -> None:
    solver.add(result, solver.intern(Super, of, owner))


def _next(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    taken = argument(given, 0)
    if taken is not None:
        solver.watch(taken.node, iterate_into, solver, instance.result)


def _pairs(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`zip` and `enumerate`: tuples of what their arguments hold."""

    rows = solver.sequence("rows", instance.index)
    row = solver.sequence("row", instance.index)
    counted = list(solver.held(instance.function, External))
    items = solver.items(row)
    if not items:
        if any(value.path == "builtins.enumerate" for value in counted):
            items.append(solver.node())
        items.extend(solver.node() for _ in given)
    for argument_given, node in zip(given, items[-len(given) :] if given else [], strict=False):
        solver.watch(argument_given.node, iterate_into, solver, node)
    solver.add(solver.element_node(rows), row)
    solver.add(instance.result, rows)


def iterate_into(solver: Solver, node: int, value: Value) -> None:
    """Let a node hold what iterating over a value gives."""
    from migrator.analysis.operations import iterate

    iterate(solver, value, node)


def _gather(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    gathered = solver.sequence("gather", instance.index)
    for item in given:
        if item.name == "":
            solver.connect(item.node, solver.element_node(gathered))
        elif item.name == "*":
            node = solver.element_node(gathered)
            solver.watch(item.node, iterate_into, solver, node)
    solver.add(instance.result, gathered)


def _map(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`map(function, items)`: what the function gives for the items."""
    from migrator.analysis.calls import apply

    plain = [item for item in given if item.name in {"", "*"}]
    if not plain:
        return
    rows = solver.sequence("map", instance.index)
    rest = []
    for item in plain[1:]:
        node = solver.node()
        solver.watch(item.node, iterate_into, solver, node)
        rest.append(replace(item, name="", node=node))
    each = replace(instance, result=solver.element_node(rows))
    solver.watch(plain[0].node, lambda value: apply(solver, value, each, tuple(rest)))
    solver.add(instance.result, rows)


def asked(path: str, given: tuple[Given, ...]) -> tuple[Given, Given] | None:
    """The function that a call is given to ask about every item, and what holds these items."""
    positions = _ASKS_EACH.get(path)
    if positions is None:
        return None
    function, items = argument(given, positions[0], "key"), argument(given, positions[1])
    return (function, items) if function is not None and items is not None else None


def _ask_each(solver: Solver, instance: CallInstance, given: tuple[Given, ...], path: str) -> None:
    """`sorted(items, key=function)`: the function is called with each item."""
    if (found := asked(path, given)) is None:
        return
    function, items = found
    node = instance.result
    if path not in _GIVE_ONE:
        node = solver.node()
        solver.watch(items.node, iterate_into, solver, node)
    call_with(solver, instance, function, [replace(items, name="", node=node)], solver.node())


def call_with(
    solver: Solver, instance: CallInstance, function: Given, given: list[Given], result: int
) -> None:
    """Let a function be called on behalf of a call, which gives something else than it."""
    from migrator.analysis.calls import apply

    each = replace(instance, result=result)
    solver.watch(function.node, lambda value: apply(solver, value, each, tuple(given)))


def sort(solver: Solver, items: Value, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`items.sort(key=function)`: the function is called with each item."""
    function = argument(given, -1, "key")
    if function is not None:
        node = solver.node()
        iterate_into(solver, node, items)
        one = replace(function, name="", node=node)
        call_with(solver, instance, function, [one], solver.node())


def _reduce(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`reduce(function, items, first)`: the function is called with what it gave and an item."""
    plain = [item for item in given if item.name == ""]
    if len(plain) < 2:
        return
    function, items, *first = plain
    item = solver.node()
    solver.watch(items.node, iterate_into, solver, item)
    solver.connect(first[0].node if first else item, instance.result)
    taken = [replace(items, node=instance.result), replace(items, node=item)]
    call_with(solver, instance, function, taken, instance.result)


def _type(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    taken = argument(given, 0)
    if taken is not None:
        solver.watch(
            taken.node,
            lambda value: (
                solver.add(instance.result, value.of) if isinstance(value, Instance) else None
            ),
        )


def _list(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`sorted(items)` and its likes: the items, or the keys of a mapping."""
    taken = argument(given, 0)

    def take(value: Value) -> None:
        if isinstance(value, Bag):
            keys = solver.sequence("keys", value.key)
            iterate_into(solver, solver.element_node(keys), value)
            value = keys
        solver.add(instance.result, value)

    if taken is not None:
        solver.watch(taken.node, take)


def _chain(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`itertools.chain(one, other)`: the items of all."""
    items = solver.sequence("chain", instance.index)
    for item in given:
        node = solver.node()
        solver.watch(item.node, iterate_into, solver, node)
        if item.name == "*":
            solver.watch(node, iterate_into, solver, solver.element_node(items))
        else:
            solver.connect(node, solver.element_node(items))
    solver.add(instance.result, items)


def _default_mapping(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`defaultdict(make, one=…)`: what it is given, and what the function makes."""
    from migrator.analysis.calls import apply

    bag = mapping(solver, instance, given[1:])
    if given:
        made = replace(instance, result=solver.node())
        solver.watch(given[0].node, lambda value: apply(solver, value, made, ()))
        solver.put(bag, replace(given[0], name="", node=made.result))


def mapping(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> Bag:
    """`OrderedDict(one=…)`, `ChainMap(one, other)`: a dictionary of what it is given."""
    bag = solver.bag("mapping", instance.index)
    _update(solver, bag, given)
    solver.add(instance.result, bag)
    return bag


def _update(solver: Solver, bag: Bag, given: tuple[Given, ...]) -> None:
    for item in given:
        if item.name in {"", "**"}:
            solver.spread(bag, item.node)
        else:
            solver.put(bag, item)


def _choose(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`max(items)`, `max(one, other)`: one of what is given."""
    match [item for item in given if item.name in {"", "*", "default"}]:
        case [items]:
            solver.watch(items.node, iterate_into, solver, instance.result)
        case several:
            for item in several:
                solver.connect(item.node, instance.result)


def _is_widget(path: str) -> bool:
    return path.startswith(_WIDGETS) and path.rpartition(".")[2] in _OPTIONS


def _choose_option(
    solver: Solver, path: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    """`st.selectbox("Model", options)`: one of the options."""
    _keep_by_key(solver, path, instance, given)
    options = argument(given, 1, "options")
    if options is not None:
        solver.watch(options.node, iterate_into, solver, instance.result)


def _create(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`super().__new__(cls)`: a new instance."""

    def make(value: Value) -> None:
        if isinstance(value, Class):
            solver.add(instance.result, solver.intern(Instance, value))

    if (of := argument(given, 0)) is not None:
        solver.watch(of.node, make)


def _named_tuple(solver: Solver, instance: CallInstance, given: tuple[Given, ...]) -> None:
    """`namedtuple("Name", "one other")`: a class, by where it is made and what its fields are."""
    fields = argument(given, 1, "field_names")
    if fields is None:
        return
    names = solver.sequence(_FIELD_NAMES, instance.key)

    def note(value: Value) -> None:
        match value:
            case Constant(value=str(text)) if not solver.items(names):
                for name in text.replace(",", " ").split():
                    node = solver.node()
                    solver.add(node, solver.intern(Constant, name, value.literal))
                    solver.items(names).append(node)
            case Sequence() if not solver.items(names):
                solver.items(names).extend(solver.items(value))

    solver.watch(fields.node, note)
    solver.add(instance.result, solver.intern(Made, _NAMED_TUPLE, instance.key))


def _fill_named_tuple(
    solver: Solver, origin: tuple[int, int], instance: CallInstance, given: tuple[Given, ...]
) -> None:
    """An instance of such a class: what is given, by name."""
    names = solver.items(solver.sequence(_FIELD_NAMES, origin))
    positions = iter(names)
    for item in given:
        if item.name == "":
            for name in solver.held(next(positions, item.node), Constant):
                solver.connect(item.node, solver.option(instance.key, str(name.value)))
        elif item.name not in {"*", "**"}:
            solver.connect(item.node, solver.option(instance.key, item.name))
    solver.add(instance.result, solver.intern(Made, NAMESPACE, instance.key))


# What `__new__` of every class comes down to.
NEW = "builtins.object.__new__"
_NAMED_TUPLE = "collections.namedtuple"
_FIELD_NAMES = "field names"

_SPECIAL: dict[str, Handler] = {
    **files.HANDLERS,
    **dict.fromkeys(
        (
            f"builtins.{name}"
            for name in ("list", "tuple", "set", "frozenset", "sorted", "reversed")
        ),
        _list,
    ),
    **dict.fromkeys(("random.choice", "secrets.choice", "builtins.max", "builtins.min"), _choose),
    **dict.fromkeys(("random.sample", "random.choices", "collections.deque"), _list),
    **dict.fromkeys(("itertools.cycle", "itertools.islice"), _list),
    **dict.fromkeys(("itertools.product", "itertools.zip_longest"), _pairs),
    "itertools.chain": _chain,
    "collections.defaultdict": _default_mapping,
    "collections.OrderedDict": mapping,
    "collections.ChainMap": mapping,
    NEW: _create,
    _NAMED_TUPLE: _named_tuple,
    "types.SimpleNamespace": _namespace,
    "contextvars.ContextVar": _context_variable,
    "functools.partial": _partial,
    "functools.partialmethod": _partial,
    "importlib.import_module": _import_module,
    "builtins.__import__": _import_module,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.super": _super,
    "builtins.next": _next,
    "builtins.anext": _next,
    "builtins.zip": _pairs,
    "builtins.enumerate": _pairs,
    "asyncio.gather": _gather,
    "builtins.map": _map,
    "functools.reduce": _reduce,
    "builtins.type": _type,
}


# -- methods of containers, strings and variables ---------------------------------------------

# Methods of a string that give a string of the same meaning.
_SAME_TEXT = frozenset(
    {"strip", "rstrip", "lstrip", "lower", "upper", "get_secret_value", "encode", "decode", "title",
     *files.SAME_PATH}
)  # fmt: skip
_LONGER_TEXT = frozenset({"format", "join", "replace", "removesuffix", "removeprefix"})


METHODS = (
    _SAME_TEXT
    | _LONGER_TEXT
    | files.METHODS
    | {"split", "get", "pop", "setdefault", "update", "copy", "values", "items", "keys"}
    | {"append", "add", "appendleft", "insert", "extend", "popleft", "sort"}
    | {"__getitem__", "__next__", "__anext__", "__or__"}
)


def call_method(
    solver: Solver,
    owner: Value,
    name: str,
    instance: CallInstance,
    given: tuple[Given, ...],
) -> None:
    """A call of a method of a container, a string or a variable's value."""
    match owner:
        case Bag():
            _call_bag(solver, owner, name, instance, given)
        case Sequence():
            _call_sequence(solver, owner, name, instance, given)
        case Composed() | Encoded():
            solver.add(instance.result, owner if name in _SAME_TEXT else solver.opaque)
        case Constant() | Variable() | Piece():
            _call_text(solver, owner, name, instance, given)


def _call_text(
    solver: Solver, owner: Value, name: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    if name in _SAME_TEXT:
        solver.add(instance.result, owner)
    elif name in files.METHODS:
        files.opened(solver, owner, instance.result, read=name != "open")
    elif isinstance(owner, Constant) and _is_filled(solver, owner, name, instance, given):
        return
    elif name in _LONGER_TEXT:
        solver.add(
            instance.result,
            owner if isinstance(owner, Piece) else solver.intern(Piece, owner),
        )
        for item in given:
            solver.watch(item.node, lambda value: _join_text(solver, value, instance.result))
    elif name == "split":
        parts = solver.sequence("split", instance.index)
        solver.add(solver.element_node(parts), solver.intern(Piece, owner))
        solver.add(instance.result, parts)
    else:
        solver.add(instance.result, solver.opaque)


def _is_filled(
    solver: Solver, owner: Constant, name: str, instance: CallInstance, given: tuple[Given, ...]
) -> bool:
    """Whether a literal is a template or a separator, and what it makes could be told."""
    if name == "format" and isinstance(owner.value, str):
        return filling.by_format(solver, owner, given, instance.result)
    if name == "join" and isinstance(owner.value, str) and given:
        rows = list(solver.held(given[0].node, Sequence))
        return len(rows) == 1 and filling.by_join(solver, owner, rows[0], instance.result)
    return False


def _join_text(solver: Solver, value: Value, target: int) -> None:
    if isinstance(value, Constant | Variable):
        solver.add(target, solver.intern(Piece, value))
    elif isinstance(value, Piece):
        solver.add(target, value)


def _call_bag(
    solver: Solver, bag: Bag, name: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    from migrator.analysis.operations import take_entry

    match name:
        case "get" | "pop" | "setdefault" | "__getitem__":
            key = argument(given, 0)
            if key is not None:
                strict, module = name == "__getitem__", instance.key[0]
                solver.lookups[bag].append((key.node, strict, module))
                solver.watch(
                    key.node,
                    lambda value: take_entry(
                        solver,
                        bag,
                        value.value
                        if isinstance(value, Constant) and isinstance(value.value, str)
                        else None,
                        instance.result,
                        value.literal if isinstance(value, Constant) else None,
                    ),
                )
            default = argument(given, 1)
            if default is not None:
                solver.connect(default.node, instance.result)
                if name == "setdefault" and key is not None:
                    _set_default(solver, bag, key, default)
        case "update" | "__or__":
            _update(solver, bag, given)
        case "copy":
            solver.add(instance.result, bag)
        case "values":
            sequence = solver.sequence("values", bag.key)
            solver.connect(solver.bag_node(bag), solver.element_node(sequence))
            solver.add(instance.result, sequence)
        case "items":
            _items(solver, bag, instance)
        case "keys":
            solver.add(instance.result, bag)


def _set_default(solver: Solver, bag: Bag, key: Given, default: Given) -> None:
    for value in list(solver.values[key.node]):
        if isinstance(value, Constant) and isinstance(value.value, str):
            solver.put(bag, replace(default, name=value.value))


def _items(solver: Solver, bag: Bag, instance: CallInstance) -> None:
    rows, row = solver.sequence("items", bag.key), solver.sequence("item", bag.key)
    if not solver.items(row):
        keys = solver.node()
        solver.items(row).extend([keys, solver.bag_node(bag)])
        from migrator.analysis.operations import iterate

        iterate(solver, bag, keys)
    solver.add(solver.element_node(rows), row)
    solver.add(instance.result, rows)


def _call_sequence(
    solver: Solver, sequence: Sequence, name: str, instance: CallInstance, given: tuple[Given, ...]
) -> None:
    from migrator.analysis.operations import iterate

    into = solver.element_node(sequence)
    match name:
        case "append" | "add" | "appendleft":
            for item in given:
                solver.connect(item.node, into)
        case "insert":
            for item in given[1:]:
                solver.connect(item.node, into)
        case "extend" | "update":
            for item in given:
                solver.watch(
                    item.node,
                    lambda value: None if value is sequence else iterate(solver, value, into),
                )
        case "copy":
            solver.add(instance.result, sequence)
        case "sort":
            sort(solver, sequence, instance, given)
        case "pop" | "popleft" | "__getitem__" | "__next__" | "__anext__":
            iterate(solver, sequence, instance.result)
