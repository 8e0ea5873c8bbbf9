"""What the help shows: the pages that lie in ``resources/help``, and every key of the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence

from desktop.settings.paths import resources

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

KEYS_PAGE: Final = "keys"
"""The page that is made from the window's actions."""

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Page:
    """One page of Markdown; its first line is its title."""

    name: str
    text: str

    @property
    def title(self) -> str:
        """What stands in the list of pages."""
        return self.text.partition("\n")[0].removeprefix("#").strip()


def pages(window: QWidget) -> list[Page]:
    """Return all pages: the keys of ``window`` first, then what is written down.

    Raises:
        OSError: when a page cannot be read.
    """
    written = [Page(path.stem, path.read_text(encoding="utf-8")) for path in _files()]
    return [Page(KEYS_PAGE, _keys_page(window)), *written]


def keys_of(window: QWidget) -> list[tuple[str, str]]:
    """Return each key that the actions of a window answer to, and what it does there.

    Those that work everywhere come first.
    """
    found: dict[tuple[str, str], None] = {}
    for action in (*window.actions(), *window.findChildren(QAction)):
        words = action.text().replace("&", "").rstrip("…")
        for keys in action.shortcuts()[:1]:
            if words and action.isVisible():
                found[keys.toString(QKeySequence.SequenceFormat.NativeText), words] = None
    return list(found)


def _files() -> list[Path]:
    return sorted((resources() / "help").glob("*.md"))


def _keys_page(window: QWidget) -> str:
    title = translate("help", "Keyboard")
    head = translate("help", "Keys"), translate("help", "What they do")
    rows = [f"| {' | '.join(head)} |", "| --- | --- |"]
    rows += [f"| **{keys}** | {words} |" for keys, words in (*keys_of(window), *_in_all())]
    return "\n".join([f"# {title}", "", *rows, ""])


def _in_all() -> tuple[tuple[str, str], ...]:
    """Return the keys that lists, fields and sheets have by themselves."""
    return (
        ("Esc", translate("help", "Close what lies on top: a sheet, a message; clear the search")),
        ("Tab", translate("help", "Next field or button")),
        (translate("help", "Ctrl+wheel"), translate("help", "Larger or smaller text")),
        ("Shift+↑, Shift+↓", translate("help", "Select several rows")),
        ("Ctrl+A", translate("help", "Select all rows")),
        ("Shift+F10", translate("help", "Menu of the selected rows")),
    )
