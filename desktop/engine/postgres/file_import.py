"""Moves the files of a folder into the database, once; a file that is there already stays.

``sendoff move`` brings files with the tasks, ``sendoff serve`` those of a folder without tasks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from desktop.engine.postgres.file_store import FileStore

MOVED: Final = "moved"
"""The folder below the root that receives the files put aside."""
log = logging.getLogger(__name__)


def bring_over(root: Path, patterns: Iterable[str], store: FileStore) -> None:
    """Bring the files that match the patterns, and put each aside once the database has it.

    If it is interrupted, it can be called again. Raises ``NotWritable`` and ``OSError``.
    """
    number = 0
    for name, path in kept_files(root, patterns):
        content = path.read_bytes()
        is_new = store.bring(name, content, path.stat().st_mtime)
        if not is_new and store.read(name) != content:
            log.warning("%s stays as the database has it; the one in %s is put aside", name, root)
        put_aside(root, name)
        number += is_new
    if number:
        log.info("%s files of %s are in the database now", number, root)


def kept_files(root: Path, patterns: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder that belong to its tasks: the path inside it, and on disk."""
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix(), path


def put_aside(root: Path, name: str) -> None:
    """Move a file that the database has into the folder ``MOVED``; raises ``OSError``."""
    aside = root / MOVED / name
    aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    (root / name).replace(aside)
