"""Rows as a table on the clipboard, for text, word processors and spreadsheets."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from desktop.contract.rules.text import defused

if TYPE_CHECKING:
    from collections.abc import Sequence


def copied(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> QMimeData:
    """Return rows for the clipboard: as lines with tabs, and as a table; no cell is a formula."""
    data = QMimeData()
    data.setText("\n".join("\t".join(map(defused, row)) for row in rows))
    data.setHtml(_html(headings, rows))
    return data


def _html(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a table that word processors and spreadsheets take; each cell is text."""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    lines = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{lines}</table>"


def _html_cell(text: str) -> str:
    return f"<td>{escape(defused(text))}</td>"
