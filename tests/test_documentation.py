"""Documentation and comments: listed with the plan, and rewritten with --docs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrator import workflow
from migrator.decisions import ChecklistItem
from migrator.documentation.prose import lines
from migrator.source import SourceText
from tests.trees import fingerprint

OPTIONS = workflow.Options("bailian")
PAGE = "https://bailian.console.aliyun.com"
APP = '''"""Answers questions. Set OPENAI_API_KEY (https://platform.openai.com/api-keys)."""

import os

from openai import OpenAI

# OPENAI_API_KEY has to be set.
client = OpenAI(
    # the key: OPENAI_API_KEY
    api_key=os.environ["OPENAI_API_KEY"],
)  # reads OPENAI_API_KEY


def ask(question, model="gpt-4o"):
    """Ask. `OPENAI_API_KEY` is needed, MY_OPENAI_API_KEY is not."""
    # client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])
    return client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": question}]
    )


print("set OPENAI_API_KEY")
'''
README = """# Answers

GPT-4o beats gpt-4-turbo at most things, says OpenAI. See `gpt-4o` on its page.

1. Get an OpenAI API key at [platform.openai.com](https://platform.openai.com/api-keys).
2. Set `OPENAI_API_KEY`:

```bash
pip install openai
export OPENAI_API_KEY=sk-...
export OPENAI_API_KEY="sk-abcdefghijkl"  # yours
answers --model gpt-4o "why?"
answers --model=gpt-3.5-turbo --model llama3
```

Or write a file:

    OPENAI_API_KEY=your-openai-key
    MODEL=gpt-4o

```python
import answers
answers.ask("why?", model="gpt-4o")
```

```python
from openai import OpenAI
client = OpenAI()
client.chat.completions.create(model="gpt-4o", messages=[])
```

```sh
curl https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY"
```

| `OPENAI_API_KEY` | OpenAI's key | `MY_OPENAI_API_KEY` |
"""
README_AFTER = f"""# Answers

GPT-4o beats gpt-4-turbo at most things, says OpenAI. See `gpt-4o` on its page.

1. Get an NAME API key at [NAME]({PAGE}).
2. Set `DASHSCOPE_API_KEY`:

```bash
pip install openai
export DASHSCOPE_API_KEY=sk-...
export DASHSCOPE_API_KEY="your-api-key"  # yours
answers --model qwen3.7-plus "why?"
answers --model=qwen3.8-flash --model llama3
```

Or write a file:

    DASHSCOPE_API_KEY=your-api-key
    MODEL=qwen3.7-plus

```python
import answers
answers.ask("why?", model="gpt-4o")
```

```python
from openai import OpenAI
client = OpenAI()
client.chat.completions.create(model="gpt-4o", messages=[])
```

```sh
curl https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY"
```

| `DASHSCOPE_API_KEY` | NAME's key | `MY_OPENAI_API_KEY` |
""".replace("NAME", "Alibaba Cloud Model Studio (Bailian)")
CHINESE = (
    "在 https://platform.openai.com/account/api-keys 获取 OpenAI API 密钥，"
    "设置 `OPENAI_API_KEY`。\r\n"
)
CHINESE_AFTER = (
    f"在 {PAGE} 获取 Alibaba Cloud Model Studio (Bailian) API 密钥，设置 `DASHSCOPE_API_KEY`。\r\n"
)
RST = (
    "Set it::\n\n    export OPENAI_API_KEY=<key>\n    run --model gpt-4o\n\nIt is --model gpt-4o.\n"
)
FILES = {
    "app.py": APP,
    "README.md": README,
    "README.zh-CN.md": CHINESE,
    "docs/setup.rst": RST,
    "docs/both.md": "Set `DASHSCOPE_API_KEY` or `OPENAI_API_KEY`.\n",
    "CHANGELOG.md": "OPENAI_API_KEY was added.\n",
    "NOTES.txt": "Nothing of interest.\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text.encode())
    return tmp_path


def listed(root: Path, **options: object) -> dict[str, ChecklistItem]:
    """The items of a plan that are about documentation, by code and what they name."""
    result, _ = workflow.plan([root], replace(OPTIONS, **options))
    items = [one for one in result.plan.checklist if one.code.startswith("docs-")]
    assert len({one.id for one in items}) == len(items)
    assert {one.severity.value for one in items} <= {"setup"}
    return {
        f"{one.code} {one.title.split('`')[1] if '`' in one.title else ''}": one for one in items
    }


def test_what_documentation_says_is_listed_once_with_all_its_places(repository: Path) -> None:
    result, _ = workflow.plan([repository], OPTIONS)
    assert [one.path for one in result.changes] == ["app.py"]
    assert not any(site.path != "app.py" for site in workflow.scan([repository]).sites)
    items = listed(repository)
    assert set(items) == {
        "docs-variable OPENAI_API_KEY",
        "docs-key-page ",
        "docs-model gpt-4o",
        "docs-model gpt-3.5-turbo",
        "docs-program ",
    }
    assert items["docs-variable OPENAI_API_KEY"].action == (
        "Write `DASHSCOPE_API_KEY` there, or run `migrate apply --docs`: README.md:6, 10, 11, 18, "
        "36; README.zh-CN.md:1; docs/both.md:1; docs/setup.rst:3; app.py:1, 7, 11, 15, 16, 22."
    )
    assert "README.md:12, 19; docs/setup.rst:4." in items["docs-model gpt-4o"].action
    assert "README.md:27, 33." in items["docs-program "].action


def test_docs_are_rewritten_where_that_is_asked_for(repository: Path) -> None:
    before = fingerprint(repository)
    workflow.apply([repository], replace(OPTIONS, docs=True))
    after = {path: (repository / path).read_bytes().decode() for path in FILES}
    assert after["README.md"] == README_AFTER
    assert after["README.zh-CN.md"] == CHINESE_AFTER
    assert after["docs/setup.rst"] == RST.replace("OPENAI_API_KEY", "DASHSCOPE_API_KEY").replace(
        "run --model gpt-4o", "run --model qwen3.7-plus"
    )
    assert {path for path in FILES if after[path] == FILES[path]} == {
        "docs/both.md", "CHANGELOG.md", "NOTES.txt",
    }  # fmt: skip
    app = after["app.py"]
    assert app.startswith(f'"""Answers questions. Set DASHSCOPE_API_KEY ({PAGE})."""\n')
    assert "\n# DASHSCOPE_API_KEY has to be set.\n" in app
    assert ")  # reads DASHSCOPE_API_KEY\n" in app
    assert app.endswith('print("set DASHSCOPE_API_KEY")\n')
    assert '"""Ask. `DASHSCOPE_API_KEY` is needed, MY_OPENAI_API_KEY is not."""' in app
    assert '# client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])' in app
    again, _ = workflow.plan([repository], replace(OPTIONS, docs=True))
    assert again.changes == ()
    workflow.undo(repository)
    assert fingerprint(repository) == before


def test_what_is_not_rewritten_is_listed_still(repository: Path) -> None:
    items = listed(repository, docs=True)
    assert set(items) == {"docs-variable OPENAI_API_KEY", "docs-program "}
    assert "Write `DASHSCOPE_API_KEY` there: docs/both.md:1; app.py:16." in (
        items["docs-variable OPENAI_API_KEY"].action
    )


def test_a_variable_that_something_goes_on_reading_is_not_renamed(repository: Path) -> None:
    stays = "from openai import OpenAI\nOpenAI().fine_tuning.jobs.list()\n"
    (repository / "tune.py").write_text(stays)
    result, _ = workflow.plan([repository], replace(OPTIONS, docs=True))
    readme = next(one for one in result.changes if one.path == "README.md")
    after = README.replace("--model gpt-4o", "--model qwen3.7-plus").replace(
        "MODEL=gpt-4o", "MODEL=qwen3.7-plus"
    )
    assert (readme.after or b"").decode() == after
    items = listed(repository, docs=True)
    assert set(items) >= {"docs-shared OPENAI_API_KEY", "docs-key-page "}
    assert "README.md:6" in items["docs-shared OPENAI_API_KEY"].action


def test_a_line_that_still_speaks_of_openai_is_to_be_read_again(repository: Path) -> None:
    (repository / "README.md").write_text("It asks OpenAI, so set `OPENAI_API_KEY`.\n")
    assert "README.md:1" in listed(repository, docs=True)["docs-words "].action


def test_the_package_is_another_with_the_sdk(repository: Path) -> None:
    result, _ = workflow.plan([repository], replace(OPTIONS, docs=True, mode="sdk"))
    readme = next(one for one in result.changes if one.path == "README.md")
    assert b'\npip install "dashscope>=' in (readme.after or b"")


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("a\n\n    b\n    c\nd\n", [0, 0, 1, 1, 0, 0]),
        ("- a\n\n    - b\n", [0, 0, 0, 0]),
        ("```sh\nb\n```\nc\n~~~\nd\n```\n~~~", [1, 1, 1, 0, 2, 2, 2, 2]),
        ("````\n```\nb\n````\nc", [1, 1, 1, 1, 0]),
    ],
    ids=["indented", "a list", "fences", "a longer fence"],
)
def test_blocks_of_code(text: str, blocks: list[int]) -> None:
    assert [line.block for line in lines("a.md", SourceText(text))] == blocks


def test_what_is_told_of_models_beside_new_names_is_listed_once(tmp_path: Path) -> None:
    files = {
        "app.py": (
            "import argparse\nfrom openai import OpenAI\n\n"
            'MODEL = "gpt-4o"  # or gpt-4o-mini, and text-embedding-3-small for vectors\n'
            "parser = argparse.ArgumentParser()\n"
            'parser.add_argument("--name", help="gpt-4-turbo knows the name, too")\n'
            "print(OpenAI().chat.completions.create(\n"
            "    model=MODEL,  # not gpt-3.5-turbo\n"
            '    messages=[{"role": "user", "content": "hi"}],\n'
            "))\n"
            "# See gpt-4o/README, my-gpt-4o and GPT-4o; omni-moderation-latest stays\n"
            'OpenAI().moderations.create(model="omni-moderation-latest", input="hi")\n'
        ),
        # Nothing is written there.
        "notes.py": "# gpt-4o-mini would do\nimport openai\n",
        "tests/test_app.py": '# gpt-4o-mini would do\nMODEL = "gpt-4o"\n',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    for docs in (False, True):
        told = listed(tmp_path, docs=docs)["docs-models "]
        assert told.action.endswith(": app.py:4, 6, 8."), told.action
