"""A scan and a plan with one of everything that a report has to show."""

from __future__ import annotations

from migrator.analysis.result import ScanResult, Skipped
from migrator.analysis.sites import Certainty, Kind, Site, Span, Step, Unreadable
from migrator.changes.diff import FileChange
from migrator.changes.journal import Entry, Run, State
from migrator.changes.result import ApplyResult, EditedText
from migrator.decisions import (
    Bond,
    Checklist,
    ChecklistItem,
    Convert,
    Decision,
    Group,
    Leave,
    Plan,
    Severity,
    Source,
    Target,
)

SECRET = "sk-" + "x1y2" * 8  # long enough to be taken for a key
PAGE = Source("https://docs.example.com/chat_(v1)", "Chat [reference]", "2026-09")


def site(
    path: str,
    line: int,
    kind: Kind,
    detail: str,
    certainty: Certainty = Certainty.PROVEN,
    *,
    in_tests: bool = False,
    cell: int | None = None,
    provenance: tuple[Step, ...] = (),
) -> Site:
    identity = f"{path}:{kind.value}:{detail}:{line}"
    span = Span(line, 4, line, 20)
    return Site(identity, path, span, kind, detail, certainty, in_tests, provenance, cell=cell)


IMPORT = site("app/client.py", 1, Kind.IMPORT, "openai.OpenAI")
CLIENT = site("app/client.py", 5, Kind.CLIENT, "openai.OpenAI")
CALL = site(
    "app/chat.py",
    120,
    Kind.CALL,
    "chat.completions.create",
    provenance=(Step("app/client.py", 5, "OpenAI()"), Step("app/chat.py", 3, "import of client")),
)
MODEL = site("app/chat.py", 121, Kind.MODEL, "gpt-4o")
IMAGES = site("app/画像.py", 14, Kind.CALL, "images.edit")
GUESS = site(
    "tests/test_chat.py", 9, Kind.CALL, "responses.create", Certainty.LIKELY, in_tests=True
)
KEY = site(".env", 1, Kind.ENV_KEY, f"OPENAI_API_KEY={SECRET}")
NOTEBOOK = site("notes.ipynb", 31, Kind.MODEL, "gpt-4o-mini", cell=2)
AZURE = site("app/[azure].py", 3, Kind.CLIENT, "openai.AzureOpenAI")

SITES = (NOTEBOOK, KEY, GUESS, IMAGES, MODEL, CALL, CLIENT, IMPORT, AZURE)

SCAN = ScanResult(
    root=".",
    seen=1_240,
    parsed=7,
    skipped=(
        Skipped("data/big.py", "too large"),
        Skipped("vendor/a.py", "generated"),
        Skipped("vendor/b.py", "generated"),
    ),
    sites=SITES,
    unreadable=(
        Unreadable("legacy/py2.py", 7, "invalid syntax", (1, 9)),
        Unreadable("legacy/odd.py", 1, "not text in utf-8 or gb18030"),
    ),
)


def item(code: str, of: Site, severity: Severity, title: str, **rest: str) -> ChecklistItem:
    words = {"why": "", "action": "", "source_code": "", "replacement": "", **rest}
    sources = (PAGE,) if severity is not Severity.SETUP else ()
    return ChecklistItem(
        code, (of.id,), of.path, of.span.line, severity, title, sources=sources, **words
    )


BLOCKER = item(
    "endpoint-missing",
    IMAGES,
    Severity.BLOCKER,
    "`images.edit` has no counterpart",
    why="Nothing is documented for __edits__ | variations <at all>.",
    action="Call the native endpoint, or keep this call on OpenAI.",
    source_code='client.images.edit(\n    image=f,\n    prompt="""```""",\n)',
)
DIFFERENT = [
    item(
        "parameter-dropped",
        of,
        Severity.BEHAVIOUR,
        "`logit_bias` is taken away",
        why="It is not documented: token ids of another tokenizer mean nothing.",
        action="See whether the answers are still what you want.",
        source_code=code,
        replacement=new,
    )
    for of, code, new in (
        (CALL, "logit_bias={50256: -100}", ""),
        (MODEL, "params[`x`] = 1", "params.pop('a|b')"),
    )
]
UNPROVEN = item(
    "client-unknown",
    GUESS,
    Severity.REVIEW,
    "The client could not be traced",
    why=f"api_key='{SECRET}' is handed to make().",
    action="Move it by hand if it is OpenAI's.",
    source_code=f"make(api_key='{SECRET}').responses.create()",
    replacement="make(\n\tapi_key=os.environ['DASHSCOPE_API_KEY'],\n).responses.create()",
)
SETUP = ChecklistItem(
    "get-key", (), "", 0, Severity.SETUP, "Get a key", "Each provider has its own keys.",
    "Create one in the console and set `DASHSCOPE_API_KEY`.",
)  # fmt: skip

DECISIONS: tuple[Decision, ...] = (
    Convert(IMPORT, (), "the SDK stays"),
    Convert(CLIENT, (), "points to the provider"),
    Convert(CALL, (), "is served", notes=(DIFFERENT[0],)),
    Convert(MODEL, (), "has a counterpart", notes=(DIFFERENT[1],)),
    Convert(KEY, (), "the provider's variable"),
    Checklist(IMAGES, (BLOCKER,)),
    Checklist(GUESS, (UNPROVEN,)),
    Leave(NOTEBOOK, "another provider's client uses it"),
    Leave(AZURE, "another provider's client uses it"),
)

GROUPS = (
    Group(
        "app/chat.py#1234",
        (MODEL.id, KEY.id),
        (".env", "app/chat.py"),
        (Bond("the client at app/chat.py:2", (MODEL.id, KEY.id)),),
    ),
    Group("app/old.py#ffff", (AZURE.id,), ("app/old.py",), selected=False),
)
PLAN = Plan(Target("bailian"), DECISIONS, (SETUP,), groups=GROUPS)

CHANGES = (
    FileChange("app/chat.py", b"# [bold]\r\nmodel='gpt-4o'\r\n", b"# [bold]\r\nmodel='qwen'\r\n"),
    FileChange(".env", f"OPENAI_API_KEY={SECRET}\n".encode(), b"DASHSCOPE_API_KEY=\n"),
    FileChange(
        "app/画像.py", "# 画像 \x1b[31m\nx".encode("gbk"), "# 画像 \x1b[31m\ny".encode("gbk")
    ),
)

EDITS = (
    EditedText("app/chat.py", (MODEL.id,), "replace_string", "'gpt-4o'", "'qwen'"),
    EditedText(".env", (KEY.id,), "splice", f"OPENAI_API_KEY={SECRET}", "DASHSCOPE_API_KEY="),
)

RUN = Run(
    "0001-20260102T030405Z",
    "migrate apply --target bailian",
    "2026-01-02T03:04:05+00:00",
    State.COMMITTED,
    tuple(Entry(change.path, "0" * 64, "1" * 64) for change in CHANGES),
)

DRY_RUN = ApplyResult(PLAN, CHANGES, EDITS)
APPLIED = ApplyResult(PLAN, CHANGES, EDITS, RUN)
