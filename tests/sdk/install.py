"""Installs openai 0.28 and the newest 1.x, 2.x and 3.x, the providers' own SDKs, HTTP libraries,
and the sources of the packages that state facts of the profiles, under `.sdks/`.

Run once before the tests: `python -m tests.sdk.install`. A version that is there is left alone.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from migrator.knowledge import drift

ROOT = Path(__file__).resolve().parents[2] / ".sdks"
SPECIFIERS = {
    "openai-0": ("openai==0.28.1", "numpy"),  # which it decodes vectors with
    "openai-1": ("openai>=1.109,<2",),
    "openai-2": ("openai>=2,<3",),
    "openai-3": ("openai>=3,<4",),
}
# The SDKs of providers by the provider's id, each apart: some cannot be installed together.
OWN = {
    "ark": ("volcengine-ark-runtime>=5.0.54",),
    "bailian": ("dashscope>=2.0.2",),
    "qianfan": ("qianfan>=0.4.12",),
    "zhipu": ("zai-sdk>=0.2.3",),
}
# What each is imported as.
OWN_MODULES = {
    "ark": "volcenginesdkarkruntime",
    "bailian": "dashscope",
    "qianfan": "qianfan",
    "zhipu": "zai",
}
PACKAGES = ROOT / "packages"
LIBRARIES = {"http": ("requests>=2.31", "httpx>=0.27", "aiohttp>=3.9")}


def libraries() -> dict[str, Path]:
    """The HTTP libraries that are there, by name."""
    return {name: ROOT / name for name in LIBRARIES if (ROOT / name / "requests").is_dir()}


def installed() -> dict[str, Path]:
    """The SDKs that are there, by name."""
    return {name: ROOT / name for name in SPECIFIERS if (ROOT / name / "openai").is_dir()}


def own_sdks() -> dict[str, Path]:
    """The providers' own SDKs that are there, by the provider's id."""
    return {name: ROOT / name for name in OWN if (ROOT / name / OWN_MODULES[name]).is_dir()}


def paths_of(name: str) -> list[str]:
    """Where Python finds an SDK: a provider's own, with the newest openai beside it, or openai."""
    own = own_sdks()
    if name not in own:
        return [str(installed()[name])]
    return [str(own[name]), *(str(path) for _, path in sorted(installed().items())[-1:])]


def main() -> int:
    """Install what is missing. Gives pip's exit code."""
    for name, requirements in {**SPECIFIERS, **OWN, **LIBRARIES}.items():
        if name in {**installed(), **own_sdks(), **libraries()}:
            continue
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*command, "--target", str(ROOT / name), *requirements], check=False)
        if done.returncode:
            return done.returncode
    stating = [name for name in drift.all_packages() if not (PACKAGES / name).is_dir()]
    return int(bool(drift.fetch(stating, PACKAGES)))


if __name__ == "__main__":
    sys.exit(main())
