"""python -m migrator: the same as the `migrate` command."""

import sys
from pathlib import Path

# Python looks for modules in the current folder first. That is the one of the code under migration,
# of which nothing is ever imported, unless this package itself is there.
if sys.path and Path(sys.path[0] or ".").resolve() not in Path(__file__).resolve().parents:
    del sys.path[0]

from migrator.cli import main

if __name__ == "__main__":
    main()
