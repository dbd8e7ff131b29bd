"""What an agent may hand in, tool by tool. Their JSON schemas are what it is shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema

from migrator.analysis.sites import Kind
from migrator.decisions import Severity

_TARGET = (
    "The provider's id, as bailian (the resource migrate://providers lists them), or the path of a "
    "profile's YAML file, relative to the folder that is served. Default: the settings'."
)
_MODE = "The openai SDK on the compatible endpoint (default), or the provider's own SDK."
_Mode = Literal["", "compatible", "sdk"]
_Text = Annotated[str, Field(max_length=1_000)]
_Texts = Annotated[list[_Text], Field(max_length=200)]


def _provider(calls: str) -> Any:
    return Field(
        "", max_length=1_000, description=f"The provider that takes {calls}, if not the target."
    )


class _Plain(GenerateJsonSchema):
    """Names and descriptions say it all: no title beside each."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class Arguments(BaseModel):
    """What every tool takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str = Field(
        ".",
        max_length=1_000,
        description="The folder to look at, relative to the folder that is served. "
        "Paths in the answer are relative to it.",
    )

    @classmethod
    def schema_for_agents(cls) -> dict[str, Any]:
        """The JSON schema of the arguments."""
        schema = cls.model_json_schema(schema_generator=_Plain)
        return {key: value for key, value in schema.items() if key not in ("title", "description")}


class Paged(Arguments):
    """What tools with long lists take."""

    offset: int = Field(
        0, ge=0, description="Where the page begins: `page.next_offset` of the answer before."
    )
    limit: int = Field(50, ge=1, le=200, description="How many entries to give at most.")


class Filtered(Arguments):
    """Which files are looked at."""

    include: _Texts = Field([], description="Only files that match these .gitignore patterns.")
    exclude: _Texts = Field([], description="No files that match these .gitignore patterns.")


class Scan(Paged, Filtered):
    """`scan`."""

    kinds: list[Kind] = Field([], description="Only places of these kinds. Default: all.")


class Migration(Filtered):
    """Where the code moves to and how: what `migrate apply` is told by its options."""

    target: _Text = Field("", description=_TARGET)
    region: _Text = Field("", description="The provider's region. Default: its first.")
    embeddings: _Text = _provider("embeddings")
    images: _Text = _provider("images")
    speech: _Text = _provider("speech")
    transcription: _Text = _provider("transcriptions")
    models: dict[str, _Text] = Field(
        {},
        description='Models to use: OpenAI\'s id to the provider\'s, as {"gpt-4o": "qwen3-max"}.',
    )
    mode: _Mode = Field("", description=_MODE)
    legacy: Literal["", "auto", "upgrade", "keep"] = Field(
        "", description="openai before 1.0: upgrade the calls, or keep the release."
    )
    only: _Texts = Field(
        [],
        description="Move these alone: a path pattern, app.py:12, kind:call, a site's or group's "
        "id. A part of a group that moves as a whole is refused.",
    )
    skip: _Texts = Field([], description="Leave these as they are: selectors as in `only`.")
    docs: bool = Field(False, description="Rewrite documentation and comments, too.")
    split_variables: bool = Field(
        False, description="What shares only an environment variable may move apart."
    )


class Plan(Paged, Migration):
    """`plan`."""

    show: Literal["summary", "diffs", "checklist", "groups", "edits"] = Field(
        "summary",
        description="summary: the files that would change. diffs: a unified diff of each of them. "
        "checklist: what is left to people. groups: what moves as a whole. edits: each rewriting.",
    )


class Moved(Filtered):
    """Where the code has moved to, as far as nobody says it."""

    target: _Text = Field(
        "", description=_TARGET.replace("settings'", "settings', else where the code has moved to")
    )


class Checklist(Paged, Moved):
    """`checklist`."""

    state: Literal["open", "settled", "all"] = Field("open", description="Which items.")
    severities: list[Severity] = Field([], description="Only of these severities. Default: all.")
    briefs: bool = Field(
        False,
        description="With each open item a brief that stands for itself: code, reason, facts, "
        "what to do, and how to tell that it is done.",
    )


class Explain(Moved):
    """`explain`."""

    place: _Text = Field(
        "", description="src/app.py:12 (a line), src/app.py:12:8 (a column of it), or a site's id."
    )
    code: _Text = Field("", description="A code of the checklist, as json-word.")
    api: _Text = Field(
        "", description="A name of OpenAI's: a method, URL path, exception, type, setting or class."
    )
    model: _Text = Field("", description="A model of OpenAI's.")
    parameter: _Text = Field("", description="A parameter of requests (with `api`: of that one).")
    mode: _Mode = Field("", description=_MODE)


class Verify(Moved):
    """`verify` of a server that only reads."""

    region: _Text = Field("", description="The provider's region. Default: the recorded run's.")


class VerifyRunning(Verify):
    """`verify` of a server that may run a command."""

    command: _Texts = Field(
        [],
        description='A command, word by word, as ["pytest", "-q"]: it runs in the folder in front '
        "of a strict stand-in for the provider. It is run as it is, with no shell.",
    )
    before: bool = Field(
        False, description="Run the command as the code was before, too, and compare the tests."
    )
    seconds: float = Field(300, gt=0, le=3600, description="How long a command may run.")


class Apply(Migration):
    """`apply`."""

    allow_dirty: bool = Field(
        False, description="Write over changes that are not committed to git. Ask your user first."
    )


class Undo(Arguments):
    """`undo`."""

    run: _Text = Field("", description="The run's id. Default: the newest.")
