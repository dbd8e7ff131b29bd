"""A Site: one place that reaches OpenAI; the unit everything downstream speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple


class Span(NamedTuple):
    """A stretch of a file: 1-based lines, 0-based columns in code points, end exclusive.

    Every piece of a program has some: a tuple is made in a third of the time.
    """

    line: int
    column: int
    end_line: int
    end_column: int

    def holds(self, other: Span) -> bool:
        """Whether another stretch of the same file lies in this one."""
        return (self.line, self.column) <= (other.line, other.column) and (
            other.end_line,
            other.end_column,
        ) <= (self.end_line, self.end_column)

    def last(self, width: int) -> Span:
        """The last so many code points of it, which stand on one line."""
        return self._replace(line=self.end_line, column=self.end_column - width)


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a provenance chain: where it happened and what happened there."""

    path: str
    line: int
    what: str


@dataclass(frozen=True, slots=True, order=True)
class Suppression:
    """A comment that takes items off the checklist: `# migrate: ignore[code, code] reason`.

    `verb` is `done` or `ignore`; `first` and `last` are the lines of what it speaks of. One without
    a `reason` is not honoured.
    """

    path: str
    line: int
    verb: str
    codes: tuple[str, ...]
    reason: str
    first: int
    last: int

    def covers(self, path: str, first: int, last: int) -> bool:
        """Whether it speaks of some lines of a file."""
        return self.path == path and first <= self.last and self.first <= last


class Kind(str, Enum):
    """What a site is. The values are the words of the JSON contract."""

    IMPORT = "import"
    CLIENT = "client"
    MODULE_CONFIG = "module_config"
    CALL = "call"
    MODEL = "model"
    ENV_KEY = "env_key"
    RAW_HTTP = "raw_http"
    EXCEPTION = "exception"
    TYPE_REF = "type_ref"
    TIKTOKEN = "tiktoken"
    DEP = "dep"
    CONFIG = "config"


class Certainty(str, Enum):
    """`proven`: traced to OpenAI. `likely`: looks like it, and could not be traced."""

    PROVEN = "proven"
    LIKELY = "likely"


class _Unknown:
    """The value of an expression that is only known at run time."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the source: the file it stands in and its span there."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Literal:
    """A string literal in the source and its value."""

    path: str
    span: Span
    value: str


class Origin(str, Enum):
    """How an argument reaches a call."""

    KEYWORD = "keyword"  # f(name=value); container is the call
    POSITIONAL = "positional"  # f(value); container is the call
    DICT_ENTRY = "dict_entry"  # {"name": value} splatted in; container is the dict display
    DICT_KEYWORD = "dict_keyword"  # dict(name=value) splatted in; container is that call
    ITEM_ASSIGNMENT = "item_assignment"  # params["name"] = value; container is the statement


@dataclass(frozen=True, slots=True)
class VariableRead:
    """An environment variable that a value comes from.

    `site` is the id of the site that reads it, "" where its name does not say that it is OpenAI's;
    `place` is where it is named.
    """

    name: str
    site: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class AddressPart:
    """A piece of a URL: what it says, and the literal or the variable it comes from.

    `text` is "*" for what is only known at run time, and OpenAI's base URL for a variable that
    holds one. `joined` says how it is put behind what goes before it: text (one after the other),
    urljoin, base (a path below a client's base URL), path (of a connection to a host).
    """

    text: str
    literal: Literal | None = None
    variable: VariableRead | None = None
    joined: str = "text"


@dataclass(frozen=True, slots=True)
class Sources:
    """What a key or a base URL may come from.

    `reads` are environment variables, `unset` those that may be None; `addresses` are the literals
    that hold OpenAI's or Azure's address. `empty`: it may be None in another way, and the package
    then goes by its own default. `handed_in`: it may be something else that is only known at run
    time, or another provider's; `passed` are places that it comes by then. `azure`: it is Azure's
    endpoint, or what signs in there. `composed` are the parts of a URL that is put together.
    `settings` are the places of a key in configuration files that the program loads, without it.
    """

    reads: tuple[VariableRead, ...] = ()
    unset: tuple[VariableRead, ...] = ()
    addresses: tuple[Literal, ...] = ()
    empty: bool = False
    handed_in: bool = False
    passed: tuple[Step, ...] = ()
    azure: bool = False
    composed: tuple[tuple[AddressPart, ...], ...] = ()
    settings: tuple[Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument that reaches a call, wherever it is written.

    `value` is the constant (a tree of Python constants, lists and dicts), with `UNKNOWN` for what
    is only known at run time. `spelled` is the source text of the value. `shared` counts the calls
    that receive this same argument (a dict splatted into two calls has shared == 2), and
    `elsewhere` says that a request to another provider receives it too. `always` is
    False where the value may be None or a sentinel that leaves the argument out. `sources` are set
    for the key and the base URL of a client, for the header that holds a request's key, and for the
    base URL that the openai module is given. `written` is what a framework calls it, where that is
    another name.
    """

    name: str
    origin: Origin
    place: Place
    container: Place
    spelled: str
    value: Any = UNKNOWN
    shared: int = 1
    elsewhere: bool = False
    always: bool = True
    read: bool = False
    sources: Sources | None = None
    written: str = ""

    @property
    def name_there(self) -> str:
        """What it is called where it stands."""
        return self.written or self.name


class Destination(str, Enum):
    """Where a client sends its requests."""

    OPENAI = "openai"  # no base URL, or OpenAI's own
    AZURE = "azure"  # an Azure client class, or an Azure URL
    VARIABLE = "variable"  # decided at run time, with OpenAI for a default or by its variable
    FOREIGN = "foreign"  # proven to be another provider's or a local URL: not OpenAI's, no site
    GATEWAY = "gateway"  # somebody's who hands requests on, to OpenAI or to others
    UNKNOWN = "unknown"  # a base URL is given and could not be traced


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """A client construction.

    `form` says how it is written: `call` (`OpenAI(...)`, also a subclass of it), `super`
    (`super().__init__(...)` in a subclass), `partial` (`partial(OpenAI, ...)`), `reference` (the
    bare class handed to somebody who calls it, as in `default_factory=OpenAI`), `derived`
    (`with_options`/`copy`), `framework` (a wrapper class of a framework; `sends` are then its own
    requests: what it is given for them, and its model).
    `spelled_class` is how the class is written at the site (`openai.OpenAI`, `OpenAI`, `C`);
    `class_name` is the canonical path (`openai.AsyncAzureOpenAI`). `complete` is False where a
    `**mapping` could not be traced. `calls` are the ids of the call sites that this client serves,
    `escapes` the places where it leaves for code that cannot be traced. `sometimes` are arguments
    that it is given on some ways to it and not on others; `others` are addresses of other providers
    that it is given on some. `asked` are the attributes it is asked for that are no requests, and
    `layers` the drop-in modules and wrappers that it is called through.
    """

    class_name: str
    spelled_class: str
    form: str
    destination: Destination
    arguments: tuple[Argument, ...] = ()
    complete: bool = True
    key_reads: tuple[VariableRead, ...] = ()
    base_url_reads: tuple[VariableRead, ...] = ()
    base_url_literals: tuple[Literal, ...] = ()
    calls: tuple[str, ...] = ()
    escapes: tuple[Step, ...] = ()
    sometimes: frozenset[str] = frozenset()
    others: tuple[Literal, ...] = ()
    asked: frozenset[str] = frozenset()
    sends: CallFacts | None = None
    layers: tuple[str, ...] = ()

    @property
    def asynchronous(self) -> bool:
        return self.class_name.rpartition(".")[2].startswith("Async")

    @property
    def azure(self) -> bool:
        return "Azure" in self.class_name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class HttpFacts:
    """How a request is sent without the openai package.

    `sender` is what sends it (`requests.post`). `addresses` are the URLs it may go to, each in its
    parts; `address_known` is False where something else may be one too. `headers` are what was
    traced of its headers, `headers_known` says whether that is all. `key_reads` are the variables
    that its Authorization comes from. `body_known` is False where what is sent could not be traced.
    `sent_at` is the call that sends it: not the site's own where a helper sends several kinds.
    """

    sender: str
    addresses: tuple[tuple[AddressPart, ...], ...]
    address_known: bool = True
    headers: tuple[Argument, ...] = ()
    headers_known: bool = True
    key_reads: tuple[VariableRead, ...] = ()
    body_known: bool = True
    sent_at: Place | None = None

    @property
    def literals(self) -> tuple[Literal, ...]:
        """The literals that its addresses are written in."""
        found = (part.literal for address in self.addresses for part in address)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    @property
    def reads(self) -> tuple[VariableRead, ...]:
        """The variables that its addresses come from."""
        found = (part.variable for address in self.addresses for part in address)
        return tuple(dict.fromkeys(one for one in found if one is not None))


@dataclass(frozen=True, slots=True)
class ResultRead:
    """One step into what a request gave: `answer["choices"]`, `answer.choices`, `answer.get("id")`.

    `place` is the whole expression and `base` what it reads from. `form`: attribute, item (a
    subscript, also where it is written to or deleted), get, contains (`"usage" in answer`),
    getattr and hasattr (the functions, with a constant name).
    `path` leads from the answer (from the chunk where `streamed`) to what is read, this step
    included: names, indices as digits, "*" for an index that is only known at run time or for
    iteration. `default` is the second argument of `.get`. `proven` is False where something else
    than an answer may stand in `base`, or another part of one; the answers of several requests may
    meet in one place, which is then among the reads of each. `written` says that the step is
    assigned to or deleted. Steps into strings (`content.strip`) are none.
    """

    place: Place
    base: Place
    form: str
    path: tuple[str, ...]
    streamed: bool = False
    default: Place | None = None
    proven: bool = True
    written: bool = False


@dataclass(frozen=True, slots=True)
class ResultUse:
    """A place where an answer, or a part of it, is taken for a plain dict or leaves as one.

    `place` is the expression that holds the part. `form`: argument (handed to the function `name`,
    as `json.dumps`, `jsonify`, `dict`), method (the method `name` is called on it, as `to_dict`,
    `keys`, `items`, `copy`), added (an object inside it is appended to a list of the program's),
    spread (`**answer`, in a call of `name` or a dict display), isinstance
    (`name` is the class as written), iteration (a loop over an object), returned (by the function
    `name`, which nothing in the repository calls; `place` is its first line), lost (where too much
    meets to follow it; `place` is the request). `path` and `proven` as in ResultRead; where the
    part leaves inside a list or dict of its own name, it is not proven.
    """

    place: Place
    form: str
    name: str
    path: tuple[str, ...]
    streamed: bool = False
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """A string that a part of an answer or of an error is compared with, or looked for in it.

    `place` is the whole comparison, `values` the strings, `path` leads to the part: from the answer
    or chunk as in ResultRead, or from the caught error (empty for its text, as `str(error)`).
    Names of headers that an error is asked for are such strings too.
    """

    place: Place
    values: tuple[str, ...]
    path: tuple[str, ...]
    streamed: bool = False
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """A dictionary that a Responses request is made of.

    `of` says what it is a part of: `input`, `content` (of a message), `tools`, `tool_choice`,
    `text`, `format` (in `text`). `place` is the dict display or `dict(...)` call that makes it,
    `entries` are what it is given there and later.
    """

    of: str
    place: Place
    entries: tuple[Argument, ...]

    def entry(self, name: str) -> Argument | None:
        """The first entry of that name, or None."""
        return next((one for one in self.entries if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Body:
    """The dictionaries that a Responses request is made of, wherever they are written.

    `answers` are the requests whose answers, or parts of them, are among its input: the site and
    the path to the part. `traced` are the arguments of which all is known: what else may stand in
    them is None, for those in `optional`, or a string as the whole of `input` (`as_text`).
    """

    items: tuple[Item, ...] = ()
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    traced: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    as_text: bool = False

    def of(self, *kinds: str) -> tuple[Item, ...]:
        """The dictionaries that are a part of one of these."""
        return tuple(one for one in self.items if one.of in kinds)


@dataclass(frozen=True, slots=True)
class Picture:
    """What names a picture in a message: the expression, and what it is known to begin with."""

    place: Place
    beginning: str


@dataclass(frozen=True, slots=True)
class MethodUse:
    """A call that tells what a framework sends: `llm.bind_tools(tools)`.

    `name` is the method, or the dotted path of the function that is given the client.
    """

    name: str
    place: Place
    arguments: frozenset[str]


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A request to OpenAI.

    `api` is the method path (`chat.completions.create`, `ChatCompletion.create` for 0.x).
    `raw` is `with_raw_response` or `with_streaming_response` where that prefix is used.
    `models` are the ids of the model sites that reach `model=`; `model_known` is False where
    something else may reach it too. `model_values` are all the strings known to reach it,
    `model_variables` the environment variables that may hold it;
    `model_beginnings` are literals that begin a name of OpenAI's which is put together. `efforts`
    are the literals that may say how much it reasons, `efforts_known` says whether these are all.
    `roles` are the role literals of its messages, `successive` those of messages that stand one
    behind the other in a list, `features` what its messages and parameters use:
    image, audio, file, video, tools, json_object, json_schema, json_word (the word JSON is in a
    message), messages_known (every message is known), roles_known (every message's
    role is), stream, system_late (a system message after
    the first place), token_input (an input or prompt that holds integers), list_input (one that may
    be a list), single_input (one that is one string).
    `pictures` are what its messages name pictures by, each value of an expression.
    `clients` are the client sites that may serve it; `foreign` says which other providers' clients
    may serve it too, `resold` whether one of those may do so by names of OpenAI's.
    `module_client` is True for `openai.chat.completions.create(...)`.
    `named` are the places that name the method of a call of 0.x elsewhere (`create =
    openai.ChatCompletion.create`), `others` the methods that may be called here as well.
    `traced` is False where not every place that names the method is known, `handed_on` says that
    the site names a method that no call was found of. `arrives` is False
    where the value of the call is not the answer itself: another function is asked to send it.
    `reads` and `uses` are what the program does with the answer, along every alias and file;
    `comparisons` are the strings its parts are compared with, in the files that read them.
    `http` is set where the request is sent without the openai package, `by_path` where it is sent
    by a client to a path (`client.post("/embeddings", body=…)`): its arguments are then the entries
    of the JSON that is sent. `in_batch`: it is a row of a batch, which names a path too, by the
    literals in `urls`; its `callee` is the row. `body` is told of the Responses API alone.
    `follows` are the requests that made what it is given the id of. `sender` is the class or
    function of a framework that sends it by a key and an address of its own, which stand at the
    site, and are in `aims` where that is the call itself; `holders` are the objects and
    dictionaries of settings that it is handed; `methods_used` are the calls of methods that tell
    such an object what its requests hold.
    """

    api: str
    callee: Place
    arguments: tuple[Argument, ...] = ()
    complete: bool = True
    clients: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    resold: bool = True
    module_client: bool = False
    legacy: bool = False
    asynchronous: bool = False
    raw: str = ""
    models: tuple[str, ...] = ()
    model_values: tuple[str, ...] = ()
    model_known: bool = False
    model_variables: tuple[str, ...] = ()
    model_beginnings: tuple[Literal, ...] = ()
    efforts: tuple[Literal, ...] = ()
    efforts_known: bool = True
    roles: tuple[Literal, ...] = ()
    successive: tuple[tuple[Literal, Literal], ...] = ()
    features: frozenset[str] = frozenset()
    pictures: tuple[Picture, ...] = ()
    framework: str = ""
    content: Place | None = None  # the text of its system message, or else of its last message
    reads: tuple[ResultRead, ...] = ()
    uses: tuple[ResultUse, ...] = ()
    http: HttpFacts | None = None
    by_path: bool = False
    in_batch: bool = False
    urls: tuple[Literal, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    body: Body = Body()
    follows: tuple[str, ...] = ()
    named: tuple[Place, ...] = ()
    others: tuple[str, ...] = ()
    traced: bool = True
    handed_on: bool = False
    arrives: bool = True
    sender: str = ""
    aims: ClientFacts | None = None
    methods_used: tuple[MethodUse, ...] = ()
    holders: tuple[Place, ...] = ()

    @property
    def methods(self) -> tuple[Place, ...]:
        """Where the method is named: in the call, or elsewhere."""
        return self.named or (self.callee,)

    @property
    def is_json(self) -> bool:
        """Whether its arguments are the entries of the JSON that is sent."""
        return self.http is not None or self.by_path or self.in_batch

    def argument(self, name: str) -> Argument | None:
        """The first argument of that name, or None."""
        return next((a for a in self.arguments if a.name == name), None)


@dataclass(frozen=True, slots=True)
class TableEntry:
    """The entry of a table that is keyed by a model's name.

    `display` is the dict display and `value` the entry's value. `asked` are the model sites whose
    names the table is asked for, `strict` says whether one that is absent is an error, `known`
    whether these are all the names it is asked for.
    """

    display: Place
    value: Any
    spelled: str
    asked: tuple[str, ...] = ()
    strict: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class NameTest:
    """A test that the names of models are put to: `place` is the whole of it.

    `how`: equal, member (it is one of several), part (`"gpt" in model`), start, end; `negated` for
    `!=` and `not in`. `asked` are the model sites whose names are tested, of those that reach
    requests; `known` says whether these are all. `names` are the strings on the other side, each
    with its model site, "" where it is none.
    """

    place: Place
    how: str
    negated: bool
    asked: tuple[str, ...]
    known: bool
    names: tuple[tuple[str, str], ...]


# The role of a member of an enumeration that stands for a model.
MEMBER = "member"


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A string that names an OpenAI model.

    `role`: value, default, constant, table (key of a dict), compare, tokenizer, fallback_list,
    assert, choices, annotation (`Literal[...]`), enum, azure_deployment, member (of a framework's
    enumeration, which stands where `literal` says). `prefix` is a provider
    prefix as `openai/`. `reaches` are the ids of the calls it flows to; `foreign` is True where it
    reaches another provider's client too. `variable` names the environment variable whose default
    it is. `table` is set for the key of a dict display. `tests` are those in which it is what is
    tested, or what is tested for.
    """

    model: str
    role: str
    literal: Literal
    prefix: str = ""
    reaches: tuple[str, ...] = ()
    foreign: bool = False
    variable: str = ""
    table: TableEntry | None = None
    tests: tuple[NameTest, ...] = ()


@dataclass(frozen=True, slots=True)
class VariableFacts:
    """A key or base-URL variable named in code or in a document.

    `meaning`: key_shape (no variable: a test of what keys look like), api_key, base_url,
    organization, project, azure_endpoint, api_version, api_type,
    other.
    `access`: read, required_read (`os.environ["X"]`, raises when absent), write, delete, test
    (presence), settings_field, settings_prefix, declaration (a line of a .env file), text;
    attribute (a field, or an item of a mapping, that the program fills itself), item (of a mapping
    of which it is not known whether it is the environment).
    `name` is the literal that names the variable (a settings field has the field's name in its
    place and `field` True). `default` is the literal fallback. `reaches` are the sites (clients,
    module settings, raw requests) its value flows to; `foreign` are the addresses of other
    providers' clients that are given it, which are no sites ("" for one that is not written).
    `paired` says that dictionaries of the program hold something under the same name, which is
    looked up there too: all that names it is one. `abroad` says that a package of which nothing is
    known is given it together with a model of OpenAI's.
    """

    variable: str
    meaning: str
    access: str
    name: Literal
    field: bool = False
    default: Literal | None = None
    reaches: tuple[str, ...] = ()
    uses: tuple[Literal, ...] = ()  # of a settings field: every place that reads it by name
    foreign: tuple[str, ...] = ()
    paired: bool = False
    abroad: bool = False
    attribute: bool = False  # `name` is an attribute of the environment (of Streamlit's secrets)
    renamable: bool = True  # False where the field is also named in a way that cannot be followed


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """An import of openai or of a wrapper's OpenAI class: the statement and the names it binds.

    `names` are (imported path, local name) pairs, as (`openai.OpenAI`, `C`).
    """

    module: str
    names: tuple[tuple[str, str], ...]
    statement: Place


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """A write to a setting of the openai module (`openai.api_key = value`)."""

    name: str
    place: Place  # the whole assignment statement
    value: Argument


@dataclass(frozen=True, slots=True)
class NameFacts:
    """An exception, a type, a tiktoken call or a raw HTTP literal: the canonical name or value.

    `role` narrows it: for raw_http `url`, `base_url`, `host`, `command`, `request`, `listed` (an
    address that others are compared with), `azure` (a request to Azure OpenAI), `helper` (which
    sends what its callers ask for); for tiktoken the function.
    `comparisons` are what a caught error is compared with. `addresses` are OpenAI's addresses, or
    parts of some, that reach a request which could not be traced. `models` are the ids of the model
    sites whose names a tokenizer is asked for by, `known` says whether these are all.
    """

    name: str
    role: str = ""
    arguments: tuple[Argument, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    addresses: tuple[AddressPart, ...] = ()
    models: tuple[str, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A place in a file that is not Python.

    `format`: env (`%env` of a notebook too), requirements, pyproject, yaml, toml, json, ini,
    docker, shell. `role`: key, base_url, model, organization, package, url, other. `name` is the
    key path, variable or package. `value_span` is the span of the value alone (for a package: of
    its requirement).
    """

    format: str
    role: str
    name: str
    value: str = ""
    value_span: Span | None = None
    name_span: Span | None = None
    extra: tuple[tuple[str, str], ...] = ()


Facts = (
    ClientFacts
    | CallFacts
    | ModelFacts
    | VariableFacts
    | ImportFacts
    | SettingFacts
    | NameFacts
    | DocumentFacts
)


@dataclass(frozen=True, slots=True)
class Site:
    """One place that reaches OpenAI.

    `id` is stable under edits elsewhere in the file. `code` is the source of the place, secrets
    redacted. `facts` is what the planner needs to know of it, by kind (see the classes above);
    `cell` is the notebook cell it stands in, `suppressions` are the comments that speak of it.
    """

    id: str
    path: str
    span: Span
    kind: Kind
    detail: str
    certainty: Certainty = Certainty.PROVEN
    in_tests: bool = False
    provenance: tuple[Step, ...] = ()
    code: str = ""
    facts: Facts | None = None
    cell: int | None = None
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that mentions OpenAI and could not be analysed."""

    path: str
    line: int
    reason: str
    mentions: tuple[int, ...] = field(default=())
