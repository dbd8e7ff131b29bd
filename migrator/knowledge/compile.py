"""Makes surface.json, the part of openai.yaml, frameworks.yaml and answers.yaml that a
scan loads, check.json, the little of them that `migrate check` does, and the JSON beside each
provider's profile.

`python -m migrator.knowledge.compile` writes them. Rows are lists in the order of the fields of the
dataclasses in `migrator.analysis.surface`; what a row leaves to the dataclass is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from migrator.knowledge.files import FOLDER, digest, knowledge
from migrator.providers import FOLDER as PROFILES
from migrator.providers import checked
from migrator.recognition import Recogniser

SURFACE = FOLDER / "surface.json"
CHECK = FOLDER / "check.json"

Data = Mapping[str, Any]
CLIENT_ROLES = frozenset({"chat", "completion", "embeddings", "azure", "client"})
# What a scan asks of a recipe.
REQUEST_KEYS = ("request", "sends", "methods", "asks", "settings", "says")
# What it asks of a class.
CLASS_KEYS = ("asks", "dictionaries", "openais", "named", "hidden", "texts")
# Beside the parameters of a method.
_OF_EVERY_REQUEST = ("extra_body", "extra_headers", "stream")


def _methods(methods: Data) -> dict[str, list[Any]]:
    return {
        entry["path"]: [
            entry.get("route"),
            entry.get("http"),
            entry.get("kind", "request"),
            entry["since"],
            entry.get("until"),
            entry.get("async", "awaitable"),
            entry.get("streaming"),
            entry["returns"],
            entry.get("deprecated"),
            area,
            entry.get("positional", []),
        ]
        for area, entries in methods["areas"].items()
        for entry in entries
    }


def _clients(clients: Data) -> dict[str, list[Any]]:
    return {
        entry["name"]: [
            entry["asynchronous"],
            entry.get("azure", False),
            entry.get("bedrock", False),
            entry["parameters"],
        ]
        for entry in clients["classes"]
    }


_OF_DOCUMENTS = ("files", "model", "form", "beside")


def _client_paths(clients: Data) -> dict[str, str]:
    return {
        path: entry["name"]
        for entry in clients["classes"]
        for path in (entry["name"], *entry["aliases"])
    }


def _legacy(legacy: Data) -> dict[str, Any]:
    classes = {
        entry["class"]: {
            "resource": entry.get("resource"),
            "inherited": entry["inherited"],
            "methods": {
                method["name"]: [
                    method.get("async", False),
                    method.get("maps_to"),
                    method.get("kind") == "instance",
                    method.get("positional", []),
                ]
                for method in entry["methods"]
            },
        }
        for entry in legacy["classes"]
    }
    functions = {
        f"embeddings_utils.{name}": [entry.get("async", False), entry.get("maps_to"), False, []]
        for name, entry in legacy["embeddings_utils"].items()
    }
    return {"classes": classes, "functions": functions, "modules": legacy["removed_modules"]}


def _exceptions(exceptions: Data) -> dict[str, str]:
    """Every path that names an exception, and its canonical path."""
    current = {
        f"{module}.{name}": f"openai.{name}"
        for module in exceptions["modules"]
        for name in exceptions["tree"]
    }
    legacy = {path: path for path in (*exceptions["from_0_28"], *exceptions["other_paths"])}
    on_module: dict[str, str] = exceptions["on_module_0_28"]
    return current | legacy | on_module


def _type_names(openai: Data, taken: Iterable[str]) -> list[str]:
    """Names of types, sentinels and helpers that stand outside the type modules."""
    helpers = {entry["path"]: entry.get("type", True) for entry in openai["types"]["helpers"]}
    exports = {
        f"openai.{name}": True
        for name in openai["types"]["exports_openai"]
        if name[0].isupper() and f"openai.{name}" not in taken
    }
    return sorted(path for path, is_type in (exports | helpers).items() if is_type)


def _models(models: Data) -> dict[str, Any]:
    return {
        "ids": {
            entry["id"]: [
                "chat" if entry["kind"] == "reasoning" else entry["kind"],
                entry["kind"] == "reasoning",
                entry.get("vision", False),
                entry["status"],
                entry.get("dimensions"),
                entry.get("context"),
            ]
            for entry in models["ids"]
        },
        "patterns": [
            [entry["name"], entry["where"], entry["kind"], entry["pattern"]]
            for entry in models["patterns"]
        ],
        "prefix": models["provider_prefix"],
    }


def _framework_classes(frameworks: Iterable[Data]) -> dict[str, list[Any]]:
    return {
        f"{module}.{name}": [
            framework["name"],
            name,
            entry["role"],
            entry.get("client", entry["role"] in CLIENT_ROLES),
            entry.get("params"),
            entry.get("default_model"),
            _request(entry),
        ]
        for framework in frameworks
        for entry in framework["classes"]
        for module in entry["in"]
        for name in entry["names"]
    }


def _request(entry: Data) -> dict[str, Any] | None:
    """What a class sends, as far as a scan asks: the first recipe says it for all releases."""
    moves = entry.get("moves")
    first = moves[0] if isinstance(moves, list) else moves
    told = {key: first[key] for key in REQUEST_KEYS if key in first} if first else {}
    told |= {key: entry[key] for key in CLASS_KEYS if key in entry}
    return told or None


def _request_parameters(methods: Data, frameworks: Iterable[Data]) -> dict[str, list[str]]:
    """The parameters of the methods that frameworks send requests of."""
    classes = (entry for framework in frameworks for entry in framework["classes"])
    asked = (told for entry in classes if (told := _request(entry)) is not None)
    sent = {told["request"] for told in asked if "request" in told}
    return {
        entry["path"]: [*entry["params"], *_OF_EVERY_REQUEST]
        for entries in methods["areas"].values()
        for entry in entries
        if entry["path"] in sent
    }


def _by_dedication(frameworks: Iterable[Data], key: str) -> dict[str, list[Any]]:
    """The `modules` or `packages` of all frameworks: name -> [framework, dedicated]."""
    return {
        name: [framework["name"], group == "dedicated"]
        for framework in frameworks
        for group, names in framework[key].items()
        for name in names
    }


def _answers(answers: Data) -> dict[str, Any]:
    return {key: answers[key] for key in ("of", "names", "types")}


def surface(openai: Data, frameworks: Data, answers: Data) -> dict[str, Any]:
    """The compiled catalogue."""
    entries = frameworks["frameworks"]
    variables, module = openai["variables"], openai["module_client"]
    clients, legacy = openai["clients"], _legacy(openai["legacy"])
    exceptions = _exceptions(openai["exceptions"])
    client_paths = _client_paths(clients)
    taken = {*client_paths, *exceptions, "openai.VERSION"} | {
        f"openai.{name}" for name in legacy["classes"]
    }
    return {
        "methods": _methods(openai["methods"]),
        "raw_prefixes": openai["methods"]["raw_prefixes"],
        "clients": _clients(clients),
        "client_paths": client_paths,
        "client_methods": [entry["path"] for entry in openai["methods"]["areas"]["client_level"]],
        "settings": {
            name: [entry["since"], entry.get("until"), entry["meaning"], entry.get("now")]
            for name, entry in module["settings"].items()
        },
        "star": sorted({name for names in module["star"].values() for name in names}),
        "legacy": legacy,
        "exceptions": exceptions,
        "exceptions_now": openai["exceptions"]["from_0_28"],
        "type_modules": openai["types"]["modules"],
        "type_names": _type_names(openai, taken),
        "variables": {
            key: variables[key] for key in ("meanings", "owner", "azure", "rules", "key_shape")
        },
        "urls": openai["urls"],
        "models": _models(openai["models"]),
        "packages": {name: ["openai", True] for name in openai["packages"]}
        | _by_dedication(entries, "packages"),
        "copies": openai["copies"],
        "framework_modules": _by_dedication(entries, "modules"),
        "framework_requests": frameworks["request_methods"],
        "framework_fluent": frameworks["fluent_methods"],
        "framework_parameters": _request_parameters(openai["methods"], entries),
        "framework_classes": _framework_classes(entries),
        "framework_documents": [
            [entry.get("of", framework["name"]), *(entry.get(key, "") for key in _OF_DOCUMENTS)]
            for framework in entries
            for entry in framework.get("documents", ())
        ],
        "framework_constants": {
            f"{module}.{name}": model
            for entry in entries
            for constants in entry.get("constants", ())
            for module in constants["in"]
            for name, model in constants["members"].items()
        },
        "framework_params": {entry["name"]: entry["params"] for entry in entries},
        "drop_in": {
            path: target for entry in entries for path, target in entry.get("drop_in", {}).items()
        },
        "layers": {
            path: {key: value for key, value in layer.items() if key != "of"}
            for entry in entries
            for layer in entry.get("layers", ())
            for path in layer["of"]
        },
        "answers": _answers(answers),
    }


def check(openai: Data, frameworks: Data) -> dict[str, Any]:
    """What `migrate check` loads. The needles come first: their lines are read by themselves."""
    entries = frameworks["frameworks"]
    needles = [*openai["needles"]["names"], *openai["needles"]["models"]]
    variables, models = openai["variables"], _models(openai["models"])
    recogniser = Recogniser({"variables": variables, "urls": openai["urls"], "models": models})
    modules = [name for name, (_, own) in _by_dedication(entries, "modules").items() if own]
    classes = [
        path
        for path, (_, _, role, is_client, *_) in _framework_classes(entries).items()
        if (is_client or role in CLIENT_ROLES) and not _is_below(path, modules)
    ]
    return {
        "needles": needles,
        "framework_needles": sorted(
            {
                path.partition(".")[0] if path in modules else path.rpartition(".")[2].lower()
                for path in (*modules, *classes)
                if not any(one in path.lower() for one in needles)
            }
        ),
        "model_needles": openai["needles"]["models"],
        "variables": {
            "meanings": variables["meanings"],
            "owner": variables["owner"],
            "azure": variables["azure"],
            "rules": variables["rules"],
        },
        "common_variables": variables["common_user_made"],
        "urls": {name: openai["urls"][name] for name in _URLS_OF_A_CHECK},
        "models": {"patterns": models["patterns"], "prefix": models["prefix"]},
        "ids": [one for one in models["ids"] if recogniser.model(one, False)],
        "bare_ids": [
            one
            for one in models["ids"]
            if recogniser.model(one, True) and not recogniser.model(one, False)
        ],
        "modules": modules,
        "classes": classes,
    }


_URLS_OF_A_CHECK = (
    *("openai_host", "azure_host", "azure_shared_host", "azure_path"),
    *("azure_fragment", "base_path", "gateway_host"),
)


def _is_below(path: str, modules: Iterable[str]) -> bool:
    return any(path.startswith(f"{module}.") for module in modules)


def render(compiled: Data) -> str:
    """The catalogue as JSON, one line per entry of each section so that diffs stay readable."""

    def compact(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def section(value: Any) -> str:
        if not isinstance(value, dict):
            return compact(value)
        return "{\n" + ",\n".join(f"{compact(k)}:{compact(v)}" for k, v in value.items()) + "\n}"

    return "{\n" + ",\n".join(f"{compact(k)}:{section(v)}" for k, v in compiled.items()) + "\n}\n"


def build() -> str:
    """The text that surface.json has to have."""
    return render(surface(*map(knowledge, ("openai.yaml", "frameworks.yaml", "answers.yaml"))))


def build_check() -> str:
    """The text that check.json has to have."""
    return render(check(*map(knowledge, ("openai.yaml", "frameworks.yaml"))))


def build_profile(path: Path) -> str:
    """The text that the JSON beside a profile has to have. Raises ProfileError."""
    data = json.loads(json.dumps(checked(path), default=str))
    return render({"digest": digest(path), "data": data})


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _write(SURFACE, build())
    _write(CHECK, build_check())
    for profile in PROFILES.glob("*.yaml"):
        _write(profile.with_suffix(".json"), build_profile(profile))
