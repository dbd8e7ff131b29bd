"""What the dependency files ask for: pins that are raised, packages that come and go.

`need` says that rewritten code needs a package; `decide` writes it into the dependency files, once
all is said.
"""

from __future__ import annotations

from migrator.planning.dependencies.deciding import decide
from migrator.planning.dependencies.locks import LOCKS
from migrator.planning.dependencies.needs import Need, need

__all__ = ["LOCKS", "Need", "decide", "need"]
