"""A disk that does not know capitals."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest


def forget_capitals(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the files below a folder be found by their names in any capitals, as on Windows.

    What is written keeps the capitals that it was given first; a rename to others gives it those.
    """
    for module, name in (
        (os, "stat"),
        (os, "open"),
        (io, "open"),
        (os, "unlink"),
        (os, "mkdir"),
        (os, "rmdir"),
        (os, "listdir"),
        (os, "scandir"),
    ):
        monkeypatch.setattr(module, name, partial(_on_found, getattr(module, name), root))
    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, partial(_renamed, getattr(os, name), root))


def _on_found(call: Callable[..., Any], root: Path, path: Any = ".", *args: Any, **kw: Any) -> Any:
    return call(_found(root, path), *args, **kw)


def _renamed(call: Callable[..., Any], root: Path, before: Any, now: Any) -> Any:
    source, target = _found(root, before), _found(root, now)
    if target == source:  # the same file: it gets the name as it is written
        target = os.path.join(os.path.dirname(source), os.path.basename(now))  # noqa: PTH118, PTH119, PTH120
    return call(source, target)


def _found(root: Path, path: Any) -> Any:
    """Return the path as its names are on the disk."""
    if not isinstance(path, (str, Path)) or not str(path).startswith(f"{root}{os.sep}"):
        return path
    found = str(root)
    for part in Path(path).relative_to(root).parts:
        same = [name for name in _names_in(found) if name.casefold() == part.casefold()]
        found = f"{found}{os.sep}{same[0] if same else part}"
    return found


def _names_in(folder: str) -> list[str]:
    try:
        return _listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


_listdir = os.listdir
