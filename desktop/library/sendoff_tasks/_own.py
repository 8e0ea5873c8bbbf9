"""Whether the package ``desktop`` on the path is Sendoff's: the name is not ours alone."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def check_own() -> None:
    """Raise ``ImportError`` where ``import desktop`` would find another project's package."""
    here = Path(__file__).resolve().parent
    installed, checkout = here.parent / "desktop" / "__init__.py", here.parents[1] / "__init__.py"
    spec = find_spec("desktop")
    found = Path(spec.origin).resolve() if spec is not None and spec.origin else None
    if found not in {installed, checkout}:
        own = installed if installed.exists() else checkout
        where = f"is {found}" if found else "cannot be imported"
        raise ImportError(
            f"sendoff_tasks needs its own package “desktop” ({own}), but “desktop” {where}."
            " Uninstall the other distribution or rename the other file, then reinstall"
            " sendoff-tasks."
        )
