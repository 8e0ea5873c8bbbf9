"""The types of attached files by the ends of their names, for each system alike.

Computers know different ones, and where a type is missing, no program is offered for the file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

_BINARY: Final = "application/octet-stream"
_BY_SUFFIX: Final = {
    suffix: kind
    for kind, suffixes in tomllib.loads(
        Path(__file__).with_name("file_types.toml").read_text("utf-8")
    ).items()
    for suffix in suffixes.split()
}


def type_of(name: str) -> str:
    """Return the MIME type of a file by its name; plain bytes if it is not known."""
    _, dot, suffix = name.rpartition(".")
    return _BY_SUFFIX.get(suffix.lower(), _BINARY) if dot else _BINARY
