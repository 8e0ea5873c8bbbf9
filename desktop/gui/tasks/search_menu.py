"""Saved views: their names and filters, and the sheet that asks for a name."""

from __future__ import annotations

import json
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QMenu

from desktop.gui.frame.views import ITEMS, TASKS
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.buttons import EndButton
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.tasks.search_field import parse, write
from sendoff_tasks.model.text import trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from PySide6.QtWidgets import QWidget

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.tasks.search_field import SearchField
    from desktop.gui.tasks.tasks_page import TasksPage


MOST: Final = 15
"""Maximum number of names offered for one key."""
LONGEST: Final = 80
"""Longest name, in characters: it is a menu entry."""
KEY: Final = "views"
_PARTS: Final = {TASKS: {"text", "states", "columns"}, ITEMS: {"text", "informed"}}
"""What is saved of each view at least."""
_CODEC: Final = "ascii"


class SavedView(NamedTuple):
    """A saved view; ``elsewhere`` is the title of its list if that is not the shown one.

    ``is_shown`` tells whether the view is the one shown now.
    """

    name: str
    elsewhere: str
    is_shown: bool


class SearchMenu(EndButton):
    """The glass in ``search``: it opens a menu that writes into it.

    ``save_wanted`` asks to save the current view, which is offered if ``may_be_saved()``;
    ``view_wanted`` and ``view_dropped`` carry the name of a saved view.
    ``saved()`` returns the saved views. ``is_searched(key)`` tells whether the shown list supports
    a search key.
    """

    save_wanted = Signal()
    view_wanted = Signal(str)
    view_dropped = Signal(str)

    leads = True

    def __init__(self, search: SearchField) -> None:
        super().__init__(self.tr("Narrow the search, or open a saved view"), "search", search)
        self._search = search
        self.names: dict[str, Sequence[str]] = {"task": (), "batch": ()}
        self.saved: Callable[[], Sequence[SavedView]] = tuple
        self.may_be_saved: Callable[[], bool] = bool
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
        icons.tick(self.menu_, LOOK.theme)
        if saved:
            drop = self.menu_.addMenu(self.tr("Remove a saved view"))
            for name in (each.name for each in saved):
                drop.addAction(_as_title(name), partial(self.view_dropped.emit, name))

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


class ViewNameSheet(Sheet):
    """Asks for the name of a view, which ``named`` carries.

    It may be that of an existing view: then the button says *Replace*.
    """

    named = Signal(str)

    def __init__(self, host: QWidget) -> None:
        super().__init__(400, host)
        self.set_title(self.tr("Save this view"))
        self._taken = frozenset[str]()
        self.field = Field(self.tr("Name"), self._fault)
        self.field.edited.connect(self._say_what_it_does)
        self.add_scrolled(self.field)
        self.button = self.add_default(self.tr("Save"), self._on_named)

    def ask(self, proposed: str, taken: Collection[str]) -> None:
        """Ask for the name of a view; those in ``taken`` are replaced."""
        self._taken = frozenset(taken)
        self.field.set_text(proposed[:LONGEST])
        self._say_what_it_does()
        self.open()

    def focus_first(self) -> None:
        """Focus the name and select it."""
        self.field.editor.setFocus()
        self.field.editor.selectAll()

    def _fault(self, text: str) -> str | None:
        """Return the error of a name, or ``None``."""
        if not trimmed(text):
            return self.tr("Enter a name.")
        if len(trimmed(text)) > LONGEST:
            return self.tr("At most {} characters.").format(LONGEST)
        return None

    def _say_what_it_does(self) -> None:
        """Show on the button whether an existing view will be replaced."""
        is_there = trimmed(self.field.text()) in self._taken
        self.button.setText(self.tr("Replace") if is_there else self.tr("Save"))

    def _on_named(self) -> None:
        if self.field.check():
            self.close()
            self.named.emit(trimmed(self.field.text()))


class SavedFilter(NamedTuple):
    """How another view than *Tasks* is saved.

    ``in_sight`` returns its filter, with ``view`` and ``text``, empty if it has none; ``chip`` is
    the word for its chip, if one is chosen, ``show`` shows it again.
    """

    in_sight: Callable[[], dict[str, Any]]
    chip: Callable[[dict[str, Any]], str]
    show: Callable[[dict[str, Any]], object]


class SavedViews(QObject):
    """Saves the filter of the current view under a name, and shows saved views again.

    A view of tasks includes the columns and the order. ``others`` are further views that can be
    saved; the rest cannot.
    """

    def __init__(self, window: MainWindow, page: TasksPage) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self.others: dict[str, SavedFilter] = {}
        self._unnamed: dict[str, Any] = {}  # the view being saved
        menu = page.search_menu
        menu.save_wanted.connect(self._on_save_wanted)
        menu.view_wanted.connect(self._on_view_wanted)
        menu.view_dropped.connect(self._on_view_dropped)
        menu.saved = self._saved
        menu.may_be_saved = lambda: bool(self._in_sight())

    def _on_save_wanted(self) -> None:
        page, shown, columns = self._page, self._in_sight(), {}
        if (other := self.others.get(shown["view"])) is not None:
            chip = other.chip(shown)
            words = [chip, shown["text"]]
        else:
            chip = QCoreApplication.translate("chips", page.chips.chosen.title)
            words = [chip if page.table.shown.states else "", shown["narrowed"], shown["text"]]
            state = bytes(page.table.header.saveState().toBase64().data()).decode(_CODEC)
            columns = {"columns": state}
        self._unnamed = {**shown, **columns}
        self._sheet.ask(" · ".join(filter(None, words)) or chip, self.read())

    def _in_sight(self) -> dict[str, Any]:
        """Return the filter of the current view as it is saved; empty if it cannot be saved."""
        view = self._window.switch.choice.value()
        if view == TASKS:
            return self._tasks()
        return self.others[view].in_sight() if view in self.others else {}

    def _tasks(self) -> dict[str, Any]:
        shown, narrowed = self._page.table.shown, self._window.views.row.narrowed_to
        part = shown.part if narrowed else {}
        lists = {name: list(v) if isinstance(v, tuple) else v for name, v in part.items()}
        filtered = {"view": TASKS, "text": shown.text, "states": list(shown.states)}
        return {**filtered, "part": lists, "narrowed": narrowed}

    def _saved(self) -> list[SavedView]:
        """Return the saved views for the menu, oldest first."""
        titles = {TASKS: self.tr("Tasks"), ITEMS: self.tr("Items")}
        titles.pop(self._window.switch.choice.value(), None)
        shown = self._in_sight().items()
        return [
            SavedView(name, titles.get(view["view"], ""), bool(shown) and shown <= view.items())
            for name, view in self.read().items()
        ]

    def _on_view_wanted(self, name: str) -> None:
        view = self.read().get(name)
        if view is None:
            return
        page = self._page
        if (other := self.others.get(view["view"])) is not None:
            self._window.switch.choose(view["view"])
            other.show(view)
            page.search.set_now(view["text"])
            return
        if view.get("narrowed"):
            page.show_part(view["narrowed"], **view["part"])
        else:
            page.show_all()
        self._window.switch.choose(TASKS)
        page.chips.choose(tuple(view["states"]))
        page.search.set_now(view["text"])
        columns = QByteArray.fromBase64(view["columns"].encode(_CODEC))
        page.table.header.restoreState(columns)

    @cached_property
    def _sheet(self) -> ViewNameSheet:
        sheet = self._window.sheets.make(ViewNameSheet)
        sheet.named.connect(self._on_named)
        return sheet

    def _on_named(self, name: str) -> None:
        self._write({**self.read(), name: self._unnamed})
        self._window.toasts.show(self.tr("Saved as “{}”").format(name), icon="check")

    def _on_view_dropped(self, name: str) -> None:
        before = self.read()
        if name not in before:
            return
        self._write({key: view for key, view in before.items() if key != name})
        words, undo = self.tr("“{}” is removed").format(name), self.tr("Undo")
        self._window.toasts.show(
            words,
            action=undo,
            chosen=lambda: self._write({**self.read(), name: before[name]}),
            icon="trash-2",
        )

    def read(self) -> dict[str, dict[str, Any]]:
        """Read the saved views by name, oldest first; what is none was edited by hand."""
        try:
            found = json.loads(str(self._window.settings.value(KEY, "{}")))
        except ValueError:
            return {}
        views = found.items() if isinstance(found, dict) else ()
        return {name: view for name, view in views if _is_whole(view)}

    def _write(self, views: dict[str, dict[str, Any]]) -> None:
        self._window.settings.setValue(KEY, json.dumps(views))


def _is_whole(view: object) -> bool:
    return isinstance(view, dict) and any(
        view.get("view") == name and parts <= view.keys() for name, parts in _PARTS.items()
    )
