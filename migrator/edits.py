"""What a codemod is asked to do: one instruction class per codemod, all of it plain data.

The planner writes instructions; the codemod registered for the class carries them out with LibCST.
Neither needs to import the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from migrator.analysis.sites import Place, Span

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReplaceString:
    """Give a string literal another value; its quotes and prefix stay."""

    value: str


@dataclass(frozen=True, slots=True)
class ReplaceText:
    """Give the texts between the values of an f-string other texts: (old, new) pairs."""

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
    """

    class_path: str | None = None
    drop: tuple[str, ...] = ()
    key_variable: str | None = None
    key_source: str | None = None
    base_url_variable: str | None = None
    base_url_default: str | None = None
    base_url_source: str | None = None


@dataclass(frozen=True, slots=True)
class ModuleSettings:
    """Point the openai module's own client at the provider: `openai.base_url = …`.

    Stands at the statement `openai.api_key = …`, or at the import where there is none. `key` is
    True where the key has to be written too.
    """

    module: str
    key_variable: str | None
    base_url_variable: str
    base_url_default: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """Change arguments by name: of a call, a dict display, a `dict(...)` call.

    `rename` and `replace` are (name, new name) and (name, source of the new value); `add` is
    (name, source). `extra_body` merges keys into the `extra_body=` argument; what `move` names goes
    there with its value. `compose` is (name, source of the value) where the source names arguments
    that stand there: their values go into it, and they go.
    """

    drop: tuple[str, ...] = ()
    rename: Pairs = ()
    replace: Pairs = ()
    add: Pairs = ()
    move: tuple[str, ...] = ()
    extra_body: Pairs = ()
    compose: Pairs = ()


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
    """Split an embeddings call into batches of at most `size`, the result's shape kept."""

    size: int
    asynchronous: bool
    input_name: str = "input"


@dataclass(frozen=True, slots=True)
class StructuredOutput:
    """Turn `.parse(response_format=Model)` into a json_object request that the model validates."""

    asynchronous: bool


@dataclass(frozen=True, slots=True)
class MethodPath:
    """Call another method of a client: the path's end `old` becomes `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """Read something else of an answer: the last `steps` of the path become `put`.

    `fallback` is the source of what stands for a value that is None.
    """

    steps: int
    put: str
    fallback: str = ""


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
class Splice:
    """Replace the span's text with another, in a file that is not Python."""

    text: str


Instruction = (
    ReplaceString
    | ReplaceText
    | ReplaceExpression
    | ClientConstruction
    | ModuleSettings
    | Parameters
    | ItemAssignment
    | JsonPrompt
    | EmbeddingBatch
    | StructuredOutput
    | MethodPath
    | AnswerRead
    | TiktokenEncoding
    | Marker
    | Rename
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
