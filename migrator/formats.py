"""The format of a file, by its name alone."""

from __future__ import annotations

import re

# The format of a file by its suffix; None: not a document of ours.
_BY_SUFFIX: dict[str, str | None] = {
    **dict.fromkeys(["py", "pyi", "pyw", "pyx", "js", "jsx", "ts", "tsx", "cjs", "mjs"]),
    **dict.fromkeys(["go", "rs", "java", "sql", "html", "htm", "css", "xml", "svg", "csv"]),
    **dict.fromkeys(["md", "rst", "txt", "in", "log", "diff", "patch", "lock"]),
    "bicep": None,
    **dict.fromkeys(["tf", "tfvars", "hcl"], "terraform"),
    **dict.fromkeys(["png", "jpg", "jpeg", "gif", "pdf", "zip", "gz"]),
    **dict.fromkeys(["yaml", "yml"], "yaml"),
    **dict.fromkeys(["json", "jsonc"], "json"),
    **dict.fromkeys(["ini", "cfg", "conf", "properties", "service"], "ini"),
    **dict.fromkeys(["sh", "bash", "zsh", "fish", "bat", "cmd", "ps1", "mk", "envrc"], "shell"),
    **dict.fromkeys(["j2", "jinja", "jinja2", "tpl", "tmpl", "mustache"], "template"),
    "ipynb": "notebook",
    "toml": "toml",
}
_BY_NAME: dict[str, str | None] = {
    **dict.fromkeys(["package-lock.json", "npm-shrinkwrap.json", "pipfile.lock"]),
    # What this tool keeps in a repository speaks of OpenAI, and reaches it not.
    **dict.fromkeys([".migrator.yaml", ".migrator.schema.json", ".migrate-baseline.json"]),
    **dict.fromkeys(["pipfile", "pyproject.toml"], "pyproject"),
    **dict.fromkeys(["oai_config_list", "oai_config_list_sample"], "json"),
    **dict.fromkeys(["makefile", "gnumakefile", "justfile", "procfile"], "shell"),
}
# Folders of texts that a program shows, in JSON or YAML: prose, whatever it names.
_TRANSLATED = frozenset({"translations", "locale", "locales", "i18n", "l10n"})
_MAY_BE_TRANSLATED = frozenset({"json", "yaml"})
# Endings of a file that is to be copied: `config.yaml.example`.
_COPIED = frozenset({"example", "sample", "template", "dist", "default"})
_LOCKED = ("-lock.json", "-lock.yaml", "-lock.yml")
_SETTINGS = frozenset({"yaml", "json", "ini", "toml"})
_MAY_LIST_REQUIREMENTS = frozenset({"txt", "in"})
_REQUIREMENTS = re.compile(r"(?:^|[._-])(?:requirements|constraints)[^/]*\.(?:txt|in)$")
_DOCKER = re.compile(r"^(?:dockerfile|containerfile)|\.dockerfile$")
_ENV = re.compile(r"(?:^|[._-])(?:dot)?env(?:$|[._-])")


def document_format(path: str) -> str | None:
    """The format of a file by its path, None for one that is not read as a document."""
    folders, _, name = path.lower().rpartition("/")
    if name in _BY_NAME:
        return _BY_NAME[name]
    stem, _, suffix = name.rpartition(".")
    if suffix in _COPIED and _BY_SUFFIX.get(stem.rpartition(".")[2]) in _SETTINGS:
        return document_format(path[: -len(suffix) - 1])
    if suffix in _MAY_LIST_REQUIREMENTS and _lists_requirements(folders, name):
        return "requirements"
    if suffix in _BY_SUFFIX and suffix != name:
        form = _BY_SUFFIX[suffix]
        is_text = form in _MAY_BE_TRANSLATED and not _TRANSLATED.isdisjoint(folders.split("/")[-2:])
        return None if is_text or name.endswith(_LOCKED) else form
    if _DOCKER.search(name):
        return "docker"
    return "env" if _ENV.search(name) else None


def _lists_requirements(folders: str, name: str) -> bool:
    in_folder = folders.rpartition("/")[2] == "requirements"
    return in_folder or _REQUIREMENTS.search(name) is not None
