"""The program's own files: icons, templates, help."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def resources() -> Path:
    """Find the folder of icons and templates: in the package (wheel, frozen), else beside it."""
    package = Path(__file__).resolve().parents[1]
    packed = package / "resources"
    return packed if packed.is_dir() else package.parent / "resources"
