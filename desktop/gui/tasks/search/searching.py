"""What the search shows: counts for the chips, names for its menu, and saved views."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, Signal

from desktop.contract.batches import BatchState
from desktop.gui.frame.views import ITEMS, TASKS
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.link.jobs import InOrder, Job
from desktop.gui.tasks.search.search_field import SavedView
from desktop.gui.tasks.search.view_name import ViewNameSheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop.client.api import Api, ApiSource, TaskQuery
    from desktop.contract.batches import Batch
    from desktop.contract.tasks import TaskCounts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.tasks_page import TasksPage


class Searching(QObject):
    """Lets the chips count the matches of a search, and the menu offer known names.

    ``batches_learned`` carries the numbers of batches by name.
    """

    batches_learned = Signal(object)

    def __init__(self, page: TasksPage, source: ApiSource, jobs: Jobs, live: Live) -> None:
        super().__init__(page)
        self._page = page
        self._source = source
        self._jobs = jobs
        self._counts_in_order = InOrder()
        table = page.table
        self._recounting = Rereading(table, self._count)
        table.filtered.connect(self._on_filtered)
        live.tasks_changed.connect(lambda _: self._on_changed())
        live.was_reset.connect(self._on_changed)
        live.index_followed.connect(self._on_changed)

    def load(self) -> None:
        """Read the names of tasks and queues."""
        if self._source.api is not None:
            job = Job(_names, self._source.api).then(self._on_names)
            self._jobs.start(job.otherwise(lambda _: None))  # the menu works without names

    def _on_filtered(self) -> None:
        self._page.table.empty.tell_others(None)
        if self._page.table.shown.is_narrowed:
            self._recounting.note()
        else:
            self._page.chips.set_found(None)

    def _on_changed(self) -> None:
        if self._page.table.shown.is_narrowed:
            self._recounting.note()

    def _count(self) -> None:
        shown, api = self._page.table.shown, self._source.api
        if api is None or not shown.is_narrowed:
            return
        query = replace(self._page.model.query, states=(), standing=None)
        show = self._counts_in_order(partial(self._on_counted, query))
        job = Job(api.count_tasks, query).then(show)
        self._jobs.start(job.otherwise(lambda _: None))  # the next change asks again

    def _on_counted(self, query: TaskQuery, counts: TaskCounts) -> None:
        if query == replace(self._page.model.query, states=(), standing=None):
            self._page.chips.set_found(counts)
            self._tell_others(counts)

    def _tell_others(self, counts: TaskCounts) -> None:
        """Tell a list that is empty because of its chip how many other tasks the search finds."""
        shown, found = self._page.table.shown, sum(counts["counts"].values())
        is_known = found > 0 or (counts["is_exact"] and not any(shown.part.values()))
        others = found if shown.states and not shown.search.state and is_known else None
        self._page.table.empty.tell_others(others)

    def _on_names(self, names: tuple[list[str], list[str]]) -> None:
        self._page.search_menu.learn(*names)

    def learn_batches(self, rows: Iterable[Batch]) -> None:
        """Learn the names of started batches; a draft has no tasks, so it hides none of them."""
        started = [row for row in rows if row["state"] != BatchState.DRAFT]
        names = {row["name"]: row["batch_id"] for row in reversed(started)}  # newest of a name
        self._page.search_menu.learn_batches(list(reversed(names)))
        self._page.table.shown.batches = {name.lower(): n for name, n in names.items()}
        self.batches_learned.emit(self._page.table.shown.batches)


def _names(api: Api) -> tuple[list[str], list[str]]:
    """Read the titles of tasks, and the names of queues."""
    titles = sorted({each["title"] for each in api.functions.all()})
    return titles, sorted(queue["name"] for queue in api.queues())


KEY: Final = "views"
_CODEC: Final = "ascii"


class SavedFilter(NamedTuple):
    """How another view than *Tasks* is saved.

    ``in_sight`` returns its filter, with ``view`` and ``text``, empty if it has none; ``chip`` is
    the word for its chip, ``show`` shows it again.
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
        self._sheet: ViewNameSheet | None = None
        self._unnamed: dict[str, Any] = {}  # the view being saved
        menu = page.search_menu
        menu.save_wanted.connect(self._on_save_wanted)
        menu.view_wanted.connect(self._on_view_wanted)
        menu.rename_wanted.connect(lambda name: self._name_sheet().ask(name, self.read()))
        menu.view_dropped.connect(self._on_view_dropped)
        menu.saved = self._saved
        menu.may_be_saved = lambda: bool(self._in_sight())

    def _on_save_wanted(self) -> None:
        page, shown, columns = self._page, self._in_sight(), {}
        if (other := self.others.get(shown["view"])) is not None:
            words = [other.chip(shown), shown["text"]]
            chip = other.chip(shown)
        else:
            chip = QCoreApplication.translate("chips", page.chips.chosen.title)
            words = [chip if page.table.shown.states else "", shown["narrowed"], shown["text"]]
            state = bytes(page.table.header.saveState().toBase64().data()).decode(_CODEC)
            columns = {"columns": state}
        self._unnamed = {**shown, **columns}
        self._name_sheet().ask_first(" · ".join(filter(None, words)) or chip, self.read())

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

    def _name_sheet(self) -> ViewNameSheet:
        """Return the sheet that asks for a name; it is made when first needed."""
        if self._sheet is None:
            self._sheet = self._window.sheets.make(ViewNameSheet)
            self._sheet.named.connect(self._on_named)
        return self._sheet

    def _on_named(self, before: str, name: str) -> None:
        """Save a view, or rename one in its place."""
        views = self.read()
        if before:
            self._write({name if key == before else key: view for key, view in views.items()})
        else:
            self._write({**views, name: self._unnamed})
            self._window.toasts.show(self.tr("Saved as “{}”").format(name), icon="check")

    def _on_view_dropped(self, name: str) -> None:
        before = self.read()
        if name not in before:
            return
        self._write({key: view for key, view in before.items() if key != name})
        words, undo = self.tr("“{}” is removed").format(name), self.tr("Undo")
        toast = self._window.toasts.show(words, action=undo, icon="trash-2")
        toast.action_chosen.connect(lambda: self._write({**self.read(), name: before[name]}))

    def read(self) -> dict[str, dict[str, Any]]:
        """Read the saved views by name, oldest first; views of older versions are of tasks."""
        try:
            found = json.loads(str(self._window.settings.value(KEY, "{}")))
        except ValueError:  # the file was edited by hand
            return {}
        if not isinstance(found, dict):
            return {}
        return {name: {"view": TASKS, **view} for name, view in found.items()}

    def _write(self, views: dict[str, dict[str, Any]]) -> None:
        self._window.settings.setValue(KEY, json.dumps(views))
