"""Where a test is: how numbers and times are written there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale

if TYPE_CHECKING:
    from collections.abc import Iterator

BRITAIN: Final = "en_GB"
"""Where texts that a reader approves are written."""


@contextmanager
def in_locale(name: str) -> Iterator[None]:
    """Be where a locale's name says while the block runs."""
    before = QLocale()
    QLocale.setDefault(QLocale(name))
    try:
        yield
    finally:
        QLocale.setDefault(before)
