"""Texts that a spreadsheet program would take for formulas."""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_PLAIN: Final = re.compile(r"[+-]?[\d ., ]*\d")
"""Numbers, also of telephones: nothing in them is a formula."""


def defused(text: str) -> str:
    """Write a cell of a text file as what no spreadsheet program takes for a formula."""
    if _FORMULA.match(text) and not _PLAIN.fullmatch(text):
        return f"'{text}"
    return text
