"""Moves a Python codebase off the OpenAI API and onto a domestic model provider.

What `__all__` names is the Python API (docs/python-api.md). Each is loaded when it is first asked
for, so that `import migrator` costs next to nothing.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from migrator.analysis.result import ScanResult
    from migrator.analysis.sites import Certainty, Kind, Site
    from migrator.api import (
        Migration,
        MigrationOptions,
        apply,
        compare,
        emulate,
        explain,
        known_providers,
        plan,
        provider,
        read_checklist,
        scan,
        undo,
        update_checklist,
        verify,
    )
    from migrator.changes.diff import FileChange
    from migrator.changes.undo import Undone
    from migrator.checklist.living import Look
    from migrator.comparing.comparison import Candidate, Comparison
    from migrator.decisions import (
        Checklist,
        ChecklistItem,
        Convert,
        Coverage,
        Decision,
        Leave,
        Plan,
        Severity,
        Source,
    )
    from migrator.errors import MigrateError
    from migrator.explaining.places import Explained
    from migrator.providers import Provider
    from migrator.verification.emulator import Emulator
    from migrator.verification.ladder import Ladder

_MODULES = {
    "migrator.api": (
        "Migration",
        "MigrationOptions",
        "apply",
        "compare",
        "emulate",
        "explain",
        "known_providers",
        "plan",
        "provider",
        "read_checklist",
        "scan",
        "undo",
        "update_checklist",
        "verify",
    ),
    "migrator.analysis.result": ("ScanResult",),
    "migrator.analysis.sites": ("Certainty", "Kind", "Site"),
    "migrator.changes.diff": ("FileChange",),
    "migrator.changes.undo": ("Undone",),
    "migrator.checklist.living": ("Look",),
    "migrator.comparing.comparison": ("Candidate", "Comparison"),
    "migrator.decisions": (
        "Checklist",
        "ChecklistItem",
        "Convert",
        "Coverage",
        "Decision",
        "Leave",
        "Plan",
        "Severity",
        "Source",
    ),
    "migrator.errors": ("MigrateError",),
    "migrator.explaining.places": ("Explained",),
    "migrator.providers": ("Provider",),
    "migrator.verification.emulator": ("Emulator",),
    "migrator.verification.ladder": ("Ladder",),
}

__all__ = [
    "Candidate",
    "Certainty",
    "Checklist",
    "ChecklistItem",
    "Comparison",
    "Convert",
    "Coverage",
    "Decision",
    "Emulator",
    "Explained",
    "FileChange",
    "Kind",
    "Ladder",
    "Leave",
    "Look",
    "MigrateError",
    "Migration",
    "MigrationOptions",
    "Plan",
    "Provider",
    "ScanResult",
    "Severity",
    "Site",
    "Source",
    "Undone",
    "__version__",
    "apply",
    "compare",
    "emulate",
    "explain",
    "known_providers",
    "plan",
    "provider",
    "read_checklist",
    "scan",
    "undo",
    "update_checklist",
    "verify",
]


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            from importlib import import_module

            found = globals()[name] = getattr(import_module(module), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
