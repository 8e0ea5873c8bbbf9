"""Copies rows to the clipboard, for text editors, word processors and spreadsheets."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from desktop.contract.rules.text import defused

if TYPE_CHECKING:
    from collections.abc import Sequence


def copied(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> QMimeData:
    """Return rows as tab-separated text and as an HTML table; no cell is read as a formula."""
    data = QMimeData()
    data.setText("\n".join("\t".join(map(defused, row)) for row in rows))
    data.setHtml(_html(headings, rows))
    return data


def _html(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as an HTML table."""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    lines = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{lines}</table>"


def _html_cell(text: str) -> str:
    return f"<td>{escape(defused(text))}</td>"
