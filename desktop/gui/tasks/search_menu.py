"""The menu of the search: it offers known names and times, and writes them into the field."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.buttons import EndButton
from desktop.gui.tasks.search_field import parse, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.gui.tasks.search_field import SearchField


MOST: Final = 15
"""Maximum number of names offered for one key."""


class SearchMenu(EndButton):
    """The glass in ``search``: it opens a menu that writes into it.

    ``is_searched(key)`` tells whether the shown list supports a search key.
    """

    leads = True

    def __init__(self, search: SearchField) -> None:
        super().__init__(self.tr("Narrow the search"), "search", search)
        self._search = search
        self.names: dict[str, Sequence[str]] = {"task": (), "batch": ()}
        self.is_searched: Callable[[str], bool] = lambda _: True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_ = QMenu(self)
        self.menu_.aboutToShow.connect(self._on_about_to_show)
        self.setMenu(self.menu_)

    def learn(self, tasks: Sequence[str]) -> None:
        """Set the names of tasks to offer."""
        self.names["task"] = tasks

    def learn_batches(self, names: Sequence[str]) -> None:
        """Set the names of batches to offer, the newest first."""
        self.names["batch"] = names

    def _on_about_to_show(self) -> None:
        self.menu_.clear()
        self._add_names("task", self.tr("Task"))
        self._add_names("batch", self.tr("Batch"))
        self._add_times()
        self.menu_.addAction(self.tr("Recipient…"), self._type_recipient)

    def _add_names(self, key: str, title: str) -> None:
        """Add a submenu with the names for a key, if the list supports it or the search has it."""
        chosen, names = parse(self._search.text()).values(key), self.names[key][:MOST]
        if not names or not (chosen or self.is_searched(key)):
            return
        menu = self.menu_.addMenu(title)
        for name in names:
            action = menu.addAction(_as_title(name))
            action.setCheckable(True)
            action.setChecked(name in chosen)
            action.toggled.connect(partial(self._set, key, name))
        icons.tick(menu, LOOK.theme)

    def _add_times(self) -> None:
        """Add the usual times, if the list supports them."""
        if not self.is_searched("since"):
            return
        chosen = parse(self._search.text()).since
        for title, word in ((self.tr("Today"), "today"), (self.tr("This week"), "week")):
            action = self.menu_.addAction(title)
            action.setCheckable(True)
            action.setChecked(word in chosen)
            action.toggled.connect(partial(self._set, "since", word))

    def _set(self, key: str, name: str, chosen: bool) -> None:
        """Put a name into the search or remove it."""
        search = parse(self._search.text())
        self._search.set_now(write(search.having(key, *([name] if chosen else []))))

    def _type_recipient(self) -> None:
        """Append the key to the search and focus it, for the person to type the value."""
        text = self._search.text().strip().removesuffix("to:").rstrip()
        self._search.setText(f"{text} to:".lstrip())
        self._search.setFocus()


def _as_title(words: str) -> str:
    """Escape words for an action, so no letter becomes a mnemonic."""
    return words.replace("&", "&&")
