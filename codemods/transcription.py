"""Have speech written down by a chat model where the endpoint has no transcriptions.

client.audio.transcriptions.create(model=..., file=f)
->  transcribe_by_chat(client.chat.completions.create, model=..., file=f)

client.audio.translations.create(model=..., file=f)
->  translate_by_chat(client.chat.completions.create, model=..., file=f)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.helpers import Template, at_top, helper
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import Transcription
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_BODY = '''\
    """SUMMARY"""
IMPORT    name, content = file[:2] if isinstance(file, tuple) else (getattr(file, "name", ""), file)
    if isinstance(content, PATH):
        with open(content, "rb") as opened:
            content = opened.read()
    data = content if isinstance(content, bytes) else content.read()
    kind = KIND(str(name))[0] or "audio/mpeg"
    sound = f"data:{kind};base64,{ENCODE(data).decode('ascii')}"
    part = {"type": "input_audio", "input_audio": {"data": sound}}
LANGUAGE    response = create(messages=[{"role": "user", "content": [part]}], **request)
    text = response.choices[0].message.content or ""
AGAIN    return text if response_format == "text" else ANSWER(text=text)
'''
_LANGUAGE = """\
    if language:
        body = request.pop("REST", None) or {}
        request["REST"] = {**body, "OPTIONS": {"language": language}}
"""
_AGAIN = """\
    if text:
        response = create(
            model="TRANSLATOR",
            messages=[{"role": "user", "content": text}],
            REST=TRANSLATION,
        )
        text = response.choices[0].message.content or ""
"""
_TRANSCRIBED = "Send the sound of `file` in a chat request and answer as a transcription would."
_TRANSLATED = "Write down the sound of `file` by a chat request, and translate it by another."
_PATHS = {
    "PATH": "os.PathLike",
    "KIND": "mimetypes.guess_type",
    "ENCODE": "base64.b64encode",
}


def _template(instruction: Transcription, context: Context) -> Template:
    translated = bool(instruction.translator)
    again = _AGAIN.replace("TRANSLATOR", instruction.translator)
    words = {
        "SUMMARY": _TRANSLATED if translated else _TRANSCRIBED,
        "LANGUAGE": "" if translated else _LANGUAGE.replace("OPTIONS", instruction.options),
        "AGAIN": again.replace("TRANSLATION", instruction.translation) if translated else "",
        "IMPORT": "" if instruction.own else "    from openai.types.audio import ANSWER\n\n",
        "ANSWER": _answer(instruction, context),
        "REST": instruction.rest,
        **{word: at_top(context, path) for word, path in _PATHS.items()},
    }
    body = _BODY
    for word, text in words.items():
        body = body.replace(word, text)
    language = "" if translated else "language=None, "
    annotated = "" if translated else "language: Any = None, "
    return Template(
        f'create, *, file, {language}response_format="json", **request',
        f'create: Any, *, file: Any, {annotated}response_format: Any = "json", **request: Any',
        body.replace("= create(", "= await create(") if instruction.asynchronous else body,
        asynchronous=instruction.asynchronous,
    )


def _answer(instruction: Transcription, context: Context) -> str:
    """The class of what is answered."""
    if instruction.own:
        return at_top(context, "types.SimpleNamespace")
    return "Translation" if instruction.translator else "Transcription"


@codemod(
    Transcription,
    name="transcription",
    summary="Have speech written down by a chat model",
    review="The whole sound is sent in one request: check how long and how large it can be",
)
def ask_for_transcript(
    instruction: Transcription, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for anything but `….audio.….create(file=…)`."""
    if not isinstance(node, cst.Call):
        raise CannotRewrite(_("it is not a call"))
    create = _chat(node.func, "translations" if instruction.translator else "transcriptions")
    entries = context.entries(node)
    if entries.index("file") is None:
        raise CannotRewrite(_("no argument file stands there"))
    name = "translate_by_chat" if instruction.translator else "transcribe_by_chat"
    name = f"{name}_async" if instruction.asynchronous else name
    function = helper(context, name, _template(instruction, context))
    called = entries.insert(0, None, context.handed_on(create)).rebuilt()
    return called.with_changes(func=cst.Name(function))


def _chat(func: cst.BaseExpression, resource: str) -> cst.Attribute:
    """The chat method of the client whose audio is called. Raises CannotRewrite."""
    match func:
        case cst.Attribute(
            value=cst.Attribute(
                value=cst.Attribute(attr=cst.Name(value="audio")) as audio,
                attr=cst.Name(value=name),
            ) as transcriptions,
            attr=cst.Name(value="create"),
        ) if name == resource:
            chat = audio.with_changes(attr=cst.Name("chat"))
            completions = transcriptions.with_changes(value=chat, attr=cst.Name("completions"))
            return func.with_changes(value=completions)
    raise CannotRewrite(_("it is not written as audio.{resource}.create", resource=resource))
