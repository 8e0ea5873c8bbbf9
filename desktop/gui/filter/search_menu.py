"""The menu beside the search: it sets search keys by mouse, and manages saved views."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QPushButton

from desktop.gui.look import icons
from desktop.gui.tasks.search_words import parse, write
from desktop.gui.widgets.surfaces import InsideMenu

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from desktop.gui.filter.search_field import SearchField
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

MOST: Final = 15
"""Maximum number of names offered for one key."""
STATES: Final = {
    "active": str(QT_TRANSLATE_NOOP("search", "Active")),
    "scheduled": str(QT_TRANSLATE_NOOP("search", "Scheduled")),
    "waiting": str(QT_TRANSLATE_NOOP("search", "Waiting")),
    "failed": str(QT_TRANSLATE_NOOP("search", "Failed")),
    "uncertain": str(QT_TRANSLATE_NOOP("search", "Uncertain")),
    "done": str(QT_TRANSLATE_NOOP("search", "Done")),
    "kept": str(QT_TRANSLATE_NOOP("search", "Kept in practice mode")),
    "cancelled": str(QT_TRANSLATE_NOOP("search", "Cancelled")),
}


class SavedView(NamedTuple):
    """A saved view; ``elsewhere`` is the title of its list if that is not the shown one.

    ``is_shown`` tells whether the view is the one shown now.
    """

    name: str
    elsewhere: str
    is_shown: bool


class SearchMenu(QPushButton):
    """Opens a menu that writes into ``search``.

    ``save_wanted`` asks to save the current view, which is offered if ``may_be_saved()``;
    ``view_wanted``, ``rename_wanted`` and ``view_dropped`` carry the name of a saved view.
    ``saved()`` returns the saved views. ``is_searched(key)`` tells whether the shown list supports
    a search key.
    """

    save_wanted = Signal()
    view_wanted = Signal(str)
    rename_wanted = Signal(str)
    view_dropped = Signal(str)

    def __init__(self, search: SearchField, themes: ThemeSource) -> None:
        super().__init__()
        self._search = search
        self.names: dict[str, Sequence[str]] = {"task": (), "queue": (), "batch": ()}
        self.saved: Callable[[], Sequence[SavedView]] = tuple
        self.may_be_saved: Callable[[], bool] = bool
        self.is_searched: Callable[[str], bool] = lambda _: True
        self.setProperty("role", "quiet")
        self.setAccessibleName(self.tr("Narrow the search, or open a saved view"))
        self.setToolTip(self.tr("Narrow the search, or open a saved view"))
        self._themes = themes
        self.menu_ = InsideMenu("", self, themes)
        self.menu_.aboutToShow.connect(self._on_about_to_show)
        self.setMenu(self.menu_)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def learn(self, tasks: Sequence[str], queues: Sequence[str]) -> None:
        """Set the names of tasks and queues to offer."""
        self.names |= {"task": tasks, "queue": queues}

    def learn_batches(self, names: Sequence[str]) -> None:
        """Set the names of batches to offer, the newest first."""
        self.names["batch"] = names

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        icons.put(self, "list-filter", theme.color("soft text"), theme)
        self.setFixedWidth(theme.px(30))

    def _on_about_to_show(self) -> None:
        self.menu_.clear()
        words = {name: QCoreApplication.translate("search", word) for name, word in STATES.items()}
        self._add("state", self.tr("State"), words.items())
        titles = {
            "task": self.tr("Task"),
            "queue": self.tr("Queue"),
            "batch": self.tr("Batch"),
        }
        for key, title in titles.items():
            if names := self.names[key][:MOST]:
                self._add(key, title, ((name, name) for name in names))
        self._add("seen", self.tr("Seen"), [("yes", self.tr("Yes")), ("no", self.tr("No"))])
        self.menu_.addAction(self.tr("Recipient…"), partial(self._type, "to"))
        self.menu_.addAction(self.tr("Error…"), partial(self._type, "error"))
        self.menu_.addSeparator()
        if self.may_be_saved():
            self.menu_.addAction(self.tr("Save this view…"), self.save_wanted.emit)
        self._add_views(self.saved())

    def _add_views(self, saved: Sequence[SavedView]) -> None:
        """Add the saved views; one of another list has its title at the right."""
        for each in saved:
            words = "\t".join(filter(None, [_as_title(each.name), each.elsewhere]))
            action = self.menu_.addAction(words, partial(self.view_wanted.emit, each.name))
            action.setCheckable(True)
            action.setChecked(each.is_shown)
        icons.tick(self.menu_, self._themes.theme)
        if saved:
            rename = self.menu_.addMenu(self.tr("Rename a saved view"))
            drop = self.menu_.addMenu(self.tr("Remove a saved view"))
            for name in (each.name for each in saved):
                rename.addAction(_as_title(name), partial(self.rename_wanted.emit, name))
                drop.addAction(_as_title(name), partial(self.view_dropped.emit, name))

    def _add(self, key: str, title: str, values: Iterable[tuple[str, str]]) -> None:
        """Add a submenu with the values of a key, if the list supports it or the search has it."""
        chosen = parse(self._search.text()).values(key)
        if not (chosen or self.is_searched(key)):
            return
        menu = self.menu_.addMenu(title)
        for value, words in values:
            action = menu.addAction(_as_title(words))
            action.setCheckable(True)
            action.setChecked(value in chosen)
            action.toggled.connect(partial(self._set, key, value))
        icons.tick(menu, self._themes.theme)

    def _set(self, key: str, value: str, chosen: bool) -> None:
        """Add a value to the search or remove it; only states can have several values."""
        search = parse(self._search.text())
        values = [each for each in search.values(key) if each != value]
        if key != "state":
            values = []
        if chosen:
            values.append(value)
        self._search.set_now(write(search.having(key, *values)))

    def _type(self, key: str) -> None:
        """Append a key to the search and focus it, for the person to type the value."""
        text = self._search.text().rstrip()
        self._search.setText(f"{text} {key}:".lstrip())
        self._search.setFocus()


def _as_title(words: str) -> str:
    """Escape words for an action, so no letter becomes a mnemonic."""
    return words.replace("&", "&&")
