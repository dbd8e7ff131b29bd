"""What has drifted: facts of the profiles and of OpenAI's surface beside what packages say today.

`python -m migrator.knowledge.drift` fetches the newest release of every package that a fact names
and tells what it says otherwise. `--from FOLDER` reads what is unpacked there, a folder a package,
and uses no network. Exit code 1 where something drifted.

A fact that a package states too says so: `stated: {zai-sdk: 'https://api.z.ai/api/paas/v4'}`, the
package and the string constant that it has for it.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from migrator.knowledge.files import entries_with, knowledge
from migrator.knowledge.packages import Found, Package
from migrator.providers import Provider, load_provider, provider_ids
from migrator.sdks import OwnSdk

OPENAI = "openai"
_CREATE = f"{OPENAI}.resources.chat.completions.Completions.create"
_SDK_ARGUMENTS = frozenset({"extra_headers", "extra_query", "extra_body", "timeout"})
# What a field `model` may hold beside names of models: a date, a word as `auto`.
_MODEL_NAME = re.compile(r"[a-z]\S*[-\d]")
# Ways to look at what a method of the SDK does, which are no methods of the API.
_WRAPPERS = ("with_raw_response", "with_streaming_response")


@dataclass(frozen=True, slots=True)
class Drift:
    """A fact (its place) that a package says otherwise."""

    place: str
    package: str
    version: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.package} {self.version} {self.what}"


# -- profiles -------------------------------------------------------------------------------------


def packages_of(provider: Provider) -> frozenset[str]:
    """The packages that state facts of a profile, the provider's own SDK among them."""
    stating = {name for _, stated in _stated(provider) for name in stated}
    sdk = _own_sdk(provider)
    return frozenset(stating | ({Requirement(sdk.requirement).name} if sdk is not None else set()))


def _own_sdk(provider: Provider) -> OwnSdk | None:
    """The SDK that the provider publishes."""
    return provider.sdk if provider.sdk is not None and provider.sdk.own else None


def drift_of(provider: Provider, packages: Mapping[str, Package]) -> Iterator[Drift]:
    """What the packages say otherwise than a profile. One that is not there is passed over."""
    for place, stated in _stated(provider):
        for name, text in stated.items():
            package = packages.get(name)
            if package is not None and not package.states(text):
                yield Drift(place, name, package.version, f"does not say {text!r} any more")
    sdk = _own_sdk(provider)
    package = packages.get(Requirement(sdk.requirement).name) if sdk is not None else None
    if sdk is not None and package is not None:
        for what in _drift_of_sdk(sdk, package):
            yield Drift(f"{provider.id}.sdk", package.name, package.version, what)


def _drift_of_sdk(sdk: OwnSdk, package: Package) -> Iterator[str]:
    """The classes an SDK has no more, and the arguments that its clients do not take any more."""
    clients = sorted(set((sdk.clients or {}).values()))
    raised = {path for one in (sdk.exceptions or {}).values() for path in one.classes}
    named = {path for path in (sdk.types or {}).values() if not path.endswith("*")}
    for path in [*clients, *sorted(raised | named)]:
        if path.startswith(sdk.packages) and package.find(path) is None:
            yield f"has no {path} any more"
    given = {*(sdk.client_arguments or {}).values(), *(sdk.client_adds or {})}
    for path in clients:
        taken = package.parameters(path)
        missing = given - set(taken) if taken is not None and "**" not in taken else set()
        for name in sorted(missing):
            yield f"{path} takes no {name} any more"


def _stated(provider: Provider) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every place of a profile that packages state too."""
    for place, entry in entries_with("stated", provider.data):
        yield f"{provider.id}.{place}", entry["stated"]


# -- OpenAI's surface -----------------------------------------------------------------------------


def drift_of_surface(package: Package, providers: Iterable[Provider]) -> Iterator[Drift]:
    """What the openai package has that its surface, or the profiles' parameters, do not name."""
    surface = knowledge("openai.yaml")
    known = {
        "models.ids": {one["id"] for one in surface["models"]["ids"]},
        "methods": {one["path"] for area in surface["methods"]["areas"].values() for one in area},
        "exceptions": set(surface["exceptions"]["tree"]),
        "clients": {name for one in surface["clients"]["classes"] for name in one["parameters"]},
    }
    have = {
        "models.ids": _model_ids(package),
        "methods": set(_methods(package, f"{OPENAI}.OpenAI")),
        "exceptions": _exceptions(package),
        "clients": set(package.parameters(f"{OPENAI}.OpenAI") or ()),
    }
    for part, names in have.items():
        for name in sorted(names - known[part]):
            yield Drift(f"openai.{part}", OPENAI, package.version, f"has {name!r}, which is new")
    given = set(package.parameters(_CREATE) or ()) - _SDK_ARGUMENTS
    for provider in providers:
        for name in sorted(given - set(provider.parameter_names("chat_parameters"))):
            place = f"{provider.id}.chat_parameters"
            yield Drift(place, OPENAI, package.version, f"has {name!r}, which is new")


def _model_ids(package: Package) -> set[str]:
    """The names that a field `model`, or a type such as ChatModel, is written to hold."""
    held: list[ast.expr | None] = []
    for module in package.modules:
        if module.startswith(f"{OPENAI}.types."):
            for node in ast.walk(package.tree(module)):
                target = node.target if isinstance(node, ast.AnnAssign) else None
                name = target.id if isinstance(target, ast.Name) else ""
                if isinstance(node, ast.AnnAssign) and (name == "model" or name.endswith("Model")):
                    held += [node.annotation, node.value]
    texts = {text for one in held if one is not None for text in _literals(one)}
    return {text for text in texts if _MODEL_NAME.match(text)}


def _literals(expression: ast.expr) -> Iterator[str]:
    """What stands in every `Literal[…]` of an expression."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal"):
            for one in ast.walk(node.slice):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


def _exceptions(package: Package) -> set[str]:
    """The errors that the package hands out at its top."""
    module = f"{OPENAI}._exceptions"
    classes = [node for node in package.tree(module).body if isinstance(node, ast.ClassDef)]
    return {
        one.name
        for one in classes
        if "OpenAIError" in package.ancestors(Found(module, one))
        and package.find(f"{OPENAI}.{one.name}") is not None
    }


def _methods(package: Package, dotted: str, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The paths of all methods below a resource, as `chat.completions.create`."""
    owner = package.find(dotted)
    if owner is None or not isinstance(owner.node, ast.ClassDef):
        return
    for node in owner.node.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        if not node.decorator_list:
            if path:
                yield ".".join([*path, node.name])
        elif node.name not in _WRAPPERS and _is_property(node):
            below = package.named(owner.module, node.returns)
            if below is not None and below.module.startswith(f"{OPENAI}.resources."):
                name = next(package.ancestors(below))
                yield from _methods(package, f"{below.module}.{name}", (*path, node.name))


def _is_property(node: ast.FunctionDef) -> bool:
    return any("property" in ast.unparse(one) for one in node.decorator_list)


# -- the command ----------------------------------------------------------------------------------


def read_packages(folder: Path, names: Iterable[str]) -> dict[str, Package]:
    """The packages that are unpacked in folders of their names."""
    return {name: Package(name, folder / name) for name in names if (folder / name).is_dir()}


def fetch(names: Iterable[str], folder: Path) -> list[str]:
    """Unpack the newest wheel of every package below a folder. Gives those that can't be had."""
    return [name for name in sorted(names) if not _fetched(name, folder / name)]


def _fetched(name: str, folder: Path) -> bool:
    """Unpack the newest wheel of a package into a folder. Says whether there was one."""
    with tempfile.TemporaryDirectory() as wheels:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", wheels, name]
        done = subprocess.run(command, capture_output=True, check=False)
        for wheel in Path(wheels).glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
    return not done.returncode


def everything(packages: Mapping[str, Package]) -> list[Drift]:
    """All that has drifted."""
    providers = [load_provider(one) for one in provider_ids()]
    found = [one for provider in providers for one in drift_of(provider, packages)]
    if OPENAI in packages:
        found += drift_of_surface(packages[OPENAI], providers)
    return found


def all_packages() -> frozenset[str]:
    """Every package that states a fact."""
    return frozenset({OPENAI}).union(*(packages_of(load_provider(one)) for one in provider_ids()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what has drifted. Gives 1 where something has, or a package can't be had."""
    parser = argparse.ArgumentParser(prog="python -m migrator.knowledge.drift")
    parser.add_argument("--from", dest="folder", type=Path, help="read packages unpacked here")
    folder = parser.parse_args(arguments).folder
    with tempfile.TemporaryDirectory() as made:
        missing = fetch(all_packages(), Path(made)) if folder is None else []
        packages = read_packages(folder or Path(made), all_packages())
        found = everything(packages)
        read = ", ".join(f"{name} {packages[name].version}" for name in sorted(packages))
    for one in found:
        print(one)
    for name in missing:
        print(f"{name}: can't be had from the package index")
    print(f"{len(found)} drifted; read {read or 'nothing'}")
    return int(bool(found or missing))


if __name__ == "__main__":
    sys.exit(main())
