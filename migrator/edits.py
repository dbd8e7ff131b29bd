"""What a codemod is asked to do: one instruction class per codemod, all of it plain data.

The planner writes instructions; the codemod registered for the class carries them out with LibCST.
Neither needs to import the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from migrator.analysis.sites import Place, Span

Pairs = tuple[tuple[str, str], ...]
# What stands in a framework's source for the reads of the key and of the base URL, and for what is
# written in its place so far.
KEY_HERE, BASE_URL_HERE, OLD_HERE = "key_here", "base_url_here", "old_here"


@dataclass(frozen=True, slots=True)
class ReplaceString:
    """Give a string literal another value; its quotes and prefix stay."""

    value: str


@dataclass(frozen=True, slots=True)
class ReplaceText:
    """Give texts within a string other texts, as those between an f-string's values: (old, new)."""

    texts: Pairs


@dataclass(frozen=True, slots=True)
class ReplaceSource:
    """Give stretches of a string literal's source other source: (old, new), each stands there once.

    The engine writes it for edits of what stands in a string, such as a command.
    """

    texts: Pairs


@dataclass(frozen=True, slots=True)
class ReplaceExpression:
    """Put other source in an expression's place. `imports` are the dotted paths it needs bound."""

    source: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientConstruction:
    """Rewrite a client's construction (or a `partial`, a `super().__init__` or a bare class).

    `class_path` is the class it becomes (`openai.OpenAI`), None to keep it. `drop` names arguments
    to take away; `key` and `base_url` are the environment variables to read and the default URL,
    with None for what is left as it is. `key_source`/`base_url_source` are expressions that stand
    in the file and are to be used in place of reading the environment (`settings.api_key`).
    What `first` names is put before all others, which then win, and its variable may be missing.
    `add` are (name, source) of other arguments, and `rename` (name, new name) is done last.
    """

    class_path: str | None = None
    drop: tuple[str, ...] = ()
    key_variable: str | None = None
    key_source: str | None = None
    base_url_variable: str | None = None
    base_url_default: str | None = None
    base_url_source: str | None = None
    first: tuple[str, ...] = ()
    add: Pairs = ()
    rename: Pairs = ()


@dataclass(frozen=True, slots=True)
class FrameworkSource:
    """What a framework's source needs: the variables it reads, and the dotted paths that it names.

    Without a variable for the base URL the default stands alone.
    """

    key_variable: str
    base_url_variable: str | None
    base_url_default: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameworkConstruction:
    """Rewrite what makes a framework's object, or a dict that is splatted into it.

    `class_path` is the class it becomes, None to keep it. `settings` are (argument, source) that
    are put in, or in the place of what is given; `drop` goes first, `rename` (name, new name) is
    done last. `positional` are the names of what is given by position, in order.
    """

    reads: FrameworkSource
    class_path: str | None = None
    settings: Pairs = ()
    drop: tuple[str, ...] = ()
    rename: Pairs = ()
    positional: tuple[str, ...] = ()

    @property
    def does_nothing(self) -> bool:
        """Whether nothing is to be rewritten."""
        return not (self.class_path or self.settings or self.drop or self.rename)


@dataclass(frozen=True, slots=True)
class FrameworkModel:
    """Put an object that speaks to the provider in the place of an expression."""

    source: str
    reads: FrameworkSource


@dataclass(frozen=True, slots=True)
class FrameworkStatements:
    """Write statements that tell a framework of the provider, behind the imports of a file."""

    sources: tuple[str, ...]
    reads: FrameworkSource


@dataclass(frozen=True, slots=True)
class ReadVariable:
    """Read an environment variable in an expression's place, or `behind` it: `x or os.getenv(…)`.

    Without a default the read fails where the variable is not set; without a variable the default
    stands alone.
    """

    variable: str | None
    default: str | None = None
    behind: bool = False


@dataclass(frozen=True, slots=True)
class VariableDefault:
    """Give a call that reads a variable a default: `getenv("X")` -> `getenv("X", "default")`."""

    default: str


@dataclass(frozen=True, slots=True)
class ModuleSettings:
    """Point the openai module's own client at the provider: `openai.base_url = …`.

    Stands at the statement `openai.api_key = …`, or at the import where there is none.
    `key_variable` is None where the key stands there already; `addresses` is what the setting of
    the address is called (`api_base` before 1.0); `beside` says that the address is written even
    where the file sets one already, in some cases only; `optional`, that the key may be none.
    """

    module: str
    key_variable: str | None
    base_url_variable: str
    base_url_default: str
    addresses: tuple[str, ...] = ("base_url",)
    beside: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ClientMaker:
    """A function that makes a client when it is first asked for, written into the file.

    `key` says where the key comes from: environment (the variable), argument (of the function),
    either (the variable where the argument is none), module (`openai.api_key`, and the address from
    `openai.base_url`). Without a default the address is OpenAI's own.
    """

    class_path: str
    key: str
    key_variable: str
    base_url_variable: str
    base_url_default: str


@dataclass(frozen=True, slots=True)
class ClientMethod:
    """Name a client's method in the place of a class method (`openai.ChatCompletion.create`).

    `receiver` is the client's name, a dotted path to import (`openai`), or empty where `maker`
    makes it; `key` is the source of the key that the maker is given. `options` are (name, source)
    for `with_options(...)`.
    """

    method: str
    receiver: str = ""
    maker: ClientMaker | None = None
    key: str = ""
    options: Pairs = ()


@dataclass(frozen=True, slots=True)
class NewClient:
    """Write the construction of clients: (name, class path) pairs, the first with key and address.

    Stands in the place of the statement `openai.api_key = …`, whose value becomes the key unless
    `key_variable` is to be read; after it where `beside` is True; or after any other statement.
    """

    clients: Pairs
    key_variable: str | None
    base_url_variable: str
    base_url_default: str
    beside: bool = False


@dataclass(frozen=True, slots=True)
class ConstructWith:
    """Make an expression the key of a client's construction."""

    class_path: str
    base_url_variable: str
    base_url_default: str


@dataclass(frozen=True, slots=True)
class SecondClient:
    """Keep the client that a statement constructs beside it, under another name.

    `form`: property (of the class, made when it is first read), function (of the module, likewise),
    assignment (at once, behind the statement). `construction` is what to write if not what stands
    there.
    """

    name: str
    form: str
    construction: str = ""


@dataclass(frozen=True, slots=True)
class ClientBeside:
    """Construct a client behind the statement that constructs another, with the same arguments but
    for these settings. Behind a function that returns the other, a function that returns it."""

    name: str
    settings: ClientConstruction


@dataclass(frozen=True, slots=True)
class ArgumentNames:
    """Give a call's arguments the names of a new method, before anything else is done to them.

    `positional` are the names of those without one, in order; `rename` and `drop` as in Parameters.
    """

    positional: tuple[str, ...] = ()
    rename: Pairs = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultAttribute:
    """Read a field of an answer as an attribute: `x["name"]`, `x.get("name", d)`, `"name" in x`.

    `form` is that of the read (item, get, contains). `always` says that every answer has the field,
    `known` that the type of the answer has it.
    """

    form: str
    name: str
    always: bool = True
    known: bool = True


@dataclass(frozen=True, slots=True)
class ResultItem:
    """Read a field of an answer of which a dict was made: `x.name` becomes `x["name"]`."""

    name: str


@dataclass(frozen=True, slots=True)
class AnswerDictionary:
    """Make a plain dict of an answer where it arrives: `create(...).to_dict()`.

    `later`: the expression is awaited elsewhere.
    """

    later: bool = False


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Hand an expression to a function: `f(x)`, or `f(**x)` where it is `spread`.

    `function` is a dotted path to import, or a builtin; `method` is called on it.
    """

    function: str
    method: str = ""
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Framed:
    """Put an expression in the place of `value` in other source."""

    source: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """Read the first tool call of a message where its function call was read.

    `form`: step (to something in it), test (whether there is one), value.
    """

    form: str


@dataclass(frozen=True, slots=True)
class ArgumentToImport:
    """Give a call one more argument: what a dotted path names."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class AsMapping:
    """Make a plain dict of an answer or a part of it where one is wanted: `x.model_dump()`.

    `sent` says that it is sent again as part of a request: what is None is left out. `method` makes
    the dict.
    """

    sent: bool = False
    method: str = "model_dump"


@dataclass(frozen=True, slots=True)
class EmbeddingsUtilities:
    """Write what a statement imports of `openai.embeddings_utils` into the file.

    `receivers` are (sync or async, the client's name or `openai`) pairs; `makers` make the others.
    `functions` are (sync or async, function) pairs, where the requests are made by functions of a
    module that is written beside the code: `module`, `path` and `own` are then as in AdapterCall.
    `marker` is the comment above what sends a request, if that is one that will fail.
    """

    receivers: Pairs = ()
    makers: tuple[ClientMaker, ...] = ()
    functions: Pairs = ()
    module: str = ""
    path: str = ""
    own: tuple[str, ...] = ()
    marker: str = ""


@dataclass(frozen=True, slots=True)
class ImportedNames:
    """Import names from another module: (old name, new name) of a from-import; "" to end one.

    A new name with dots in it says its module itself.
    A new name that differs takes the old one's place in the file by edits of its own.
    """

    module: str
    names: Pairs


@dataclass(frozen=True, slots=True)
class Parameters:
    """Change arguments by name: of a call, a dict display, a `dict(...)` call.

    `rename` and `replace` are (name, new name) and (name, source of the new value); `add` is
    (name, source). `extra_body` merges keys into the argument that `rest` names; what `move` names
    goes there with its value, under its new name if it has one. `compose` is (name, source of the
    value) where the source names arguments that stand there: their values go into it, and they go.
    """

    drop: tuple[str, ...] = ()
    rename: Pairs = ()
    replace: Pairs = ()
    add: Pairs = ()
    move: tuple[str, ...] = ()
    extra_body: Pairs = ()
    compose: Pairs = ()
    rest: str = "extra_body"


@dataclass(frozen=True, slots=True)
class Listed:
    """Put strings into a list, tuple or set display, behind what stands there.

    Of those that are to stand there `once`, the first is kept.
    """

    values: tuple[str, ...] = ()
    once: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorClasses:
    """Name other exceptions in a tuple: (position, the dotted paths of what stands in for it).

    `beside` keeps those that stand there, and puts the others behind them; where a name stands for
    a tuple of them, that is `spread`.
    """

    classes: tuple[tuple[int, tuple[str, ...]], ...]
    beside: bool = False
    spread: bool = False


@dataclass(frozen=True, slots=True)
class ItemAssignment:
    """Change a statement `params["name"] = value`: `drop` it, or give it another key or value."""

    drop: bool = False
    key: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class JsonPrompt:
    """Put the word JSON into a prompt: `text` is appended to a message's string."""

    text: str


@dataclass(frozen=True, slots=True)
class EmbeddingBatch:
    """Split an embeddings call into batches of at most `size`, the result's shape kept.

    The function that does it is written into the file, unless several files share one: `module`,
    `path` and `own` are then as in AdapterCall. `rows` is the field of an answer that holds the
    vectors, and `counts` what its usage counts.
    """

    size: int
    asynchronous: bool
    input_name: str = "input"
    rows: str = "data"
    counts: tuple[str, ...] = ("prompt_tokens", "total_tokens")
    module: str = ""
    path: str = ""
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MergeMessages:
    """Put the text of messages of a list to that of the one before; `joined` are their places."""

    joined: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StructuredOutput:
    """Turn `.parse(response_format=Model)` into a json_object request that the model validates.

    Where `joined`, the schema is asked for in the last message of the user, not in one more.
    """

    asynchronous: bool
    joined: bool = False


@dataclass(frozen=True, slots=True)
class MethodPath:
    """Call another method of a client: the path's end `old` becomes `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """Read something else of an answer.

    `source` is what takes the place of the expression; the name `answer` in it stands for what is
    left of the expression without its last `steps`: attributes, subscripts, `getattr` and `hasattr`
    calls, a comparison of what they give.
    """

    steps: int
    source: str


@dataclass(frozen=True, slots=True)
class Nested:
    """Put entries of a dict display into a dict of their own, under a key of the display.

    `names` are (name, name in there); those that are not written are passed over.
    """

    key: str
    names: Pairs


@dataclass(frozen=True, slots=True)
class Lifted:
    """Put the value of one entry in the place of the whole dict display.

    Of a list display, with no name, it is the only element.
    """

    name: str = ""


@dataclass(frozen=True, slots=True)
class MatchTests:
    """Turn a `match` over the type of an event into `if` and `elif`: a test for each of its cases.

    The name `answer` in a test stands for what the type is read of; a case without one goes.
    """

    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoopGuard:
    """Begin the body of a loop with `if test: continue`.

    The name `answer` in the test stands for the name that the loop gives its values.
    """

    test: str


@dataclass(frozen=True, slots=True)
class DataUri:
    """Make a data URI of the link to a picture."""

    asynchronous: bool


@dataclass(frozen=True, slots=True)
class PictureData:
    """Put the pictures of `images.generate` where OpenAI's answer has them.

    `field` is where the answer holds them, "" for `data`. With `data` what links lead to is
    fetched.
    """

    asynchronous: bool
    field: str = ""
    data: bool = True


@dataclass(frozen=True, slots=True)
class Transcription:
    """Turn `audio.transcriptions.create(file=…)` into a chat request with the sound in it.

    `options` is the key of `extra_body` that the language goes to. `translator` is the model that
    then translates what was written down (for `audio.translations.create`), and `translation` the
    source of what it is told. `rest` is the argument that takes such parameters; `own` says that
    the client is not the openai package's, so that there is no answer of its either.
    """

    options: str
    asynchronous: bool
    translator: str = ""
    translation: str = ""
    rest: str = "extra_body"
    own: bool = False


@dataclass(frozen=True, slots=True)
class AdapterCall:
    """Have `client.<method>(…)` made by a function of a module that is written beside the code.

    `module` is how the file imports it and `path` where it stands; `own` are the modules that the
    repository has itself, from the top, for the order of imports. `of_module` says that the method
    is called on the openai module, whose settings the function's client is then made with.
    """

    method: str
    function: str
    module: str
    path: str
    own: tuple[str, ...] = ()
    of_module: bool = False


@dataclass(frozen=True, slots=True)
class TiktokenEncoding:
    """Turn `tiktoken.encoding_for_model(x)` into `tiktoken.get_encoding(name)`."""

    encoding: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A comment line above the statement: `# MIGRATE[code]: text`."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Give an identifier another name where it stands (a settings field, a use of it)."""

    name: str


@dataclass(frozen=True, slots=True)
class Plugged:
    """Have the codemod of a plug-in rewrite an expression, once all else is done to it.

    `kind` and `detail` are the site's, `provider` and `mode` say where it moves.
    """

    name: str
    kind: str
    detail: str
    provider: str
    mode: str


@dataclass(frozen=True, slots=True)
class Splice:
    """Replace the span's text with another, in a file that is not Python."""

    text: str


Instruction = (
    ReplaceString
    | ReplaceText
    | ReplaceSource
    | ReplaceExpression
    | ClientConstruction
    | FrameworkConstruction
    | FrameworkModel
    | FrameworkStatements
    | ReadVariable
    | VariableDefault
    | ModuleSettings
    | ClientMethod
    | NewClient
    | ConstructWith
    | SecondClient
    | ClientBeside
    | ArgumentNames
    | ResultAttribute
    | ResultItem
    | AnswerDictionary
    | Enclosed
    | ArgumentToImport
    | Framed
    | ToolCall
    | AsMapping
    | ImportedNames
    | EmbeddingsUtilities
    | Parameters
    | Listed
    | ErrorClasses
    | ItemAssignment
    | JsonPrompt
    | EmbeddingBatch
    | MergeMessages
    | StructuredOutput
    | MethodPath
    | AnswerRead
    | Nested
    | Lifted
    | MatchTests
    | LoopGuard
    | DataUri
    | PictureData
    | Transcription
    | AdapterCall
    | TiktokenEncoding
    | Marker
    | Rename
    | Plugged
    | Splice
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One instruction for one node of one file, on behalf of the sites it serves."""

    path: str
    span: Span
    codemod: str
    instruction: Instruction
    site_ids: tuple[str, ...] = ()
    reason: str = ""
    facts: tuple[str, ...] = field(default=())  # keys of the facts that decided it

    @property
    def place(self) -> Place:
        return Place(self.path, self.span)
