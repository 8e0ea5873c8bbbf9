"""The format of a file in the data folder: one of a newer version is refused, and left as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FORMAT: Final = 1
"""The format of files that name none; a version that changes it writes ``format``."""


def is_newer(content: object) -> bool:
    """Tell whether decoded JSON or TOML names a format that this version does not know."""
    return isinstance(content, Mapping) and content.get("format", FORMAT) != FORMAT
