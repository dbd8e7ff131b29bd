"""The JSON schema of the settings, for editors: `docs/migrator.schema.json`.

`python -m migrator.settings.schema` prints it.
"""

from __future__ import annotations

import json
from typing import Any

from migrator.settings import YAML_FILE
from migrator.settings.keys import KEYS, Key, codes

# A name, as SchemaStore wants it: nothing is fetched from there.
ADDRESS = "https://json.schemastore.org/migrator.json"


def schema() -> dict[str, Any]:
    """The schema, in the draft that SchemaStore asks for."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ADDRESS,
        "title": f"migrate: [tool.migrator] of pyproject.toml, or {YAML_FILE}",
        "type": "object",
        "properties": {name: _property(one) for name, one in KEYS.items()},
        "additionalProperties": False,
        "definitions": {"code": {"enum": sorted(codes())}},
    }


def _property(key: Key) -> dict[str, Any]:
    default = {} if key.default is None else {"default": key.default}
    return {"description": key.says, **key.kind.schema, **default, "examples": [key.example]}


def text() -> str:
    """The schema as the text of its file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(text(), end="")
