"""Texts that a reader approves are written with times as in Britain."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def in_britain() -> Iterator[None]:
    """Write times and numbers as in Britain while the block runs."""
    usual = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    try:
        yield
    finally:
        QLocale.setDefault(usual)
