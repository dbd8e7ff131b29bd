"""Makes what `migrate` needs on a machine without a network: a folder of wheels, and one file.

    python offline/bundle.py dist/

`dist/wheels` is for `pip install --no-index --find-links`. `dist/migrate.pyz` runs by itself, with
the Python and on the platform that it was made for: it unpacks to the user's cache once, because
LibCST and PyYAML are partly native. For another machine name its Python and platform, as pip does:

    python offline/bundle.py dist/ --python-version 3.12 --platform manylinux_2_28_x86_64
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
_DATE = (1980, 1, 1, 0, 0, 0)  # the same wheels make the same file
_SHEBANG = b"#!/usr/bin/env python3\n"
_START = '''\
"""Unpacks what this file holds to the user's cache, once, and runs `migrate` from there."""

import os
import shutil
import sys
import tempfile
import zipfile

PYTHON, PLATFORM, DIGEST = {python!r}, {platform!r}, {digest!r}
if PYTHON != sys.version_info[:2]:
    wanted = ".".join(map(str, PYTHON))
    sys.exit(f"migrate.pyz: made for Python {{wanted}}, not {{sys.version.split()[0]}}")
archive = sys.path[0]
cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
folder = os.path.join(cache, "migrate", DIGEST)
if not os.path.isdir(folder):
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    fresh = tempfile.mkdtemp(dir=os.path.dirname(folder))
    with zipfile.ZipFile(archive) as bundle:
        members = [name for name in bundle.namelist() if name.startswith("site/")]
        bundle.extractall(fresh, members)
    try:
        os.rename(os.path.join(fresh, "site"), folder)
    except OSError:
        pass  # another process was faster
    shutil.rmtree(fresh, ignore_errors=True)
sys.path[0] = folder
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")]))
try:
    from migrator.cli import main
except ImportError as error:
    sys.exit(f"migrate.pyz: made for {{PLATFORM}}, and does not run here: {{error}}")
main()
'''


def main() -> None:
    """Carry out the command line. Ends as pip does where pip cannot do its part."""
    asked = _asked()
    wheels = asked.folder / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    wheels.mkdir(parents=True)
    _collect(wheels, asked)
    archive = asked.folder / "migrate.pyz"
    archive.write_bytes(_SHEBANG + _zipped(wheels, asked))
    archive.chmod(0o755)
    print(f"{wheels}: {len(list(wheels.iterdir()))} wheels")
    print(f"{archive}: {archive.stat().st_size / 1e6:.1f} MB")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to put both")
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    parser.add_argument("--python-version", default=here, help=f"default: {here}")
    parser.add_argument("--platform", default="", help="default: this machine's")
    parser.add_argument("--extra", default="", help="an extra of the project: mcp")
    return parser.parse_args()


def _collect(wheels: Path, asked: argparse.Namespace) -> None:
    """The project's wheel, and those of all that it needs, as files."""
    pip = [sys.executable, "-m", "pip"]
    subprocess.run([*pip, "wheel", "-q", "--no-deps", "-w", str(wheels), str(ROOT)], check=True)
    (own,) = wheels.glob("*.whl")
    wanted = f"{own}[{asked.extra}]" if asked.extra else str(own)
    options = ["--only-binary", ":all:", "--python-version", asked.python_version]
    options += ["--platform", asked.platform] if asked.platform else []
    subprocess.run([*pip, "download", "-q", *options, "-d", str(wheels), wanted], check=True)


def _zipped(wheels: Path, asked: argparse.Namespace) -> bytes:
    """The content of all wheels below `site/`, and what starts it."""
    with tempfile.TemporaryFile() as file:
        digest = hashlib.sha256()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
            for wheel in sorted(wheels.glob("*.whl")):
                digest.update(wheel.read_bytes())
                with zipfile.ZipFile(wheel) as one:
                    for name in sorted(one.namelist()):
                        _put(bundle, f"site/{_placed(name)}", one.read(name))
            start = _START.format(
                python=tuple(map(int, asked.python_version.split("."))),
                platform=asked.platform or sys.platform,
                digest=digest.hexdigest()[:16],
            )
            _put(bundle, "__main__.py", start.encode())
        file.seek(0)
        return file.read()


def _placed(name: str) -> str:
    """Where a file of a wheel belongs: what is under `*.data/purelib` stands at the top."""
    head, _, rest = name.partition("/")
    kind, _, inner = rest.partition("/")
    return inner if head.endswith(".data") and kind in {"purelib", "platlib"} else name


def _put(bundle: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    bundle.writestr(entry, content)


if __name__ == "__main__":
    main()
