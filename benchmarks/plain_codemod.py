"""What a codemod without an analysis costs: LibCST over every file that mentions openai.

Points each `OpenAI(…)` at another base URL and maps one model name. Writes nothing.

    python -m benchmarks.plain_codemod FOLDER
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import libcst.matchers as m

_CLIENT = m.Call(func=m.Name("OpenAI") | m.Attribute(value=m.Name("openai"), attr=m.Name("OpenAI")))


class _Plain(cst.CSTTransformer):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        if not m.matches(original_node, _CLIENT):
            return updated_node
        address = cst.parse_expression('"https://llm.example.com/v1"')
        return updated_node.with_changes(
            args=[*updated_node.args, cst.Arg(address, keyword=cst.Name("base_url"))]
        )

    def leave_SimpleString(  # noqa: N802
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        if original_node.evaluated_value != "gpt-4o":
            return updated_node
        return cst.SimpleString('"example-large"')


def _mentioning(folder: Path) -> Iterator[bytes]:
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                data = Path(place, name).read_bytes()
                if b"openai" in data:
                    yield data


def main() -> None:
    """Rewrite in memory, and say how many files were read and changed."""
    read = changed = 0
    for data in _mentioning(Path(sys.argv[1])):
        read += 1
        try:
            changed += cst.parse_module(data).visit(_Plain()).bytes != data
        except (cst.ParserSyntaxError, UnicodeDecodeError):
            continue
    print(f"{read} files read, {changed} changed")


if __name__ == "__main__":
    main()
