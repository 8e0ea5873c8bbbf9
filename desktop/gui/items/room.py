"""Joins what is done with items: the form, their list, and their correction."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.exports import Listed
from desktop.gui.items.correction_form import done_words
from desktop.gui.items.corrections import Corrections
from desktop.gui.items.form.submissions import Submissions
from desktop.gui.items.item_words import MOST, headline, messages
from desktop.gui.items.older_items import items_table
from desktop.gui.items.task_questions import TaskQuestions
from desktop.gui.kit.widgets.questions import ask
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.client.api import Api
    from desktop.contract.items import (
        ForgottenPerson,
        Item,
        ItemDetail,
        PlaceWithPerson,
    )
    from desktop.contract.office import OfficeStats, OfficeTask
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.items.form.item_form import ItemForm
    from desktop.gui.items.older_items import OlderItems
    from desktop.gui.link.connection import Live
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.room import TasksRoom
    from desktop.gui.tasks.tasks_page import TasksPage


class Forgetting(QObject):
    """Asks before a person is forgotten, unless another item is chosen meanwhile.

    ``forgotten`` carries the person's address, which this window may keep elsewhere.
    """

    forgotten = Signal(str)

    def __init__(self, window: MainWindow, view: OlderItems, source: ApiSource) -> None:
        super().__init__(window)
        self._window, self._view = window, view
        self._ask = Asker(source, self._on_failed)
        self._item: Item | None = None
        self._under_way: WindowNote | None = None
        view.card.forget_chosen.connect(self.ask)
        view.table.row_chosen.connect(self.withdraw)
        window.places.currentChanged.connect(self.withdraw)

    def ask(self, item: Item) -> None:
        """Ask whether to forget the person of an item, or say why that is not possible now."""
        self._item, number = item, item["item_id"]
        self._ask(
            lambda api: Job(api.items.check_forgettable, number).then(
                lambda _: self._on_checked(item)
            )
        )

    def _on_checked(self, item: Item) -> None:
        if self._item is not item:
            return  # another one was chosen meanwhile
        words = sentences(say("forget", "ask", item=headline(item)), say("forget", "what"))
        forget = partial(self._forget, item)
        listed = self.tr("Forget, and send nothing there again")
        answers = (self.tr("Forget"), forget), (listed, partial(forget, do_not_send=True))
        ask(self._window, words, self.tr("Keep"), *answers)

    def withdraw(self) -> None:
        """Ask nothing more: another item is chosen."""
        self._item = None

    def _forget(self, item: Item, *, do_not_send: bool = False) -> None:
        """Forget a person, ``do_not_send`` but for a fingerprint of the address on that list."""
        number, to = item["item_id"], item["recipient"]
        words = say("forget", "under_way")
        done = partial(self._on_done, "" if to is None else to["email"])
        self._under_way = self._window.notes.work(words, icon="loader-circle")
        self._ask(lambda api: Job(api.items.forget, number, do_not_send=do_not_send).then(done))

    def _on_failed(self, error: Exception) -> None:
        self._window.notes.close(self._under_way)
        self._item = None
        self._window.notes.warn(error_sentence(error))

    def _on_done(self, address: str, forgotten: ForgottenPerson) -> None:
        if address:
            self.forgotten.emit(address)
        self._window.notes.close(self._under_way)
        self._view.rereading.note()
        self._window.notes.show(say("forget", "done"), icon="check")
        if forgotten["backups"]:
            words = sentences(*self._still_there(forgotten["backups"]))
            ask(self._window, words, self.tr("Close"))

    def _still_there(self, places: list[PlaceWithPerson]) -> Iterator[str]:
        """Say where the person may still be, and until when."""
        backups = [each for each in places if each["until"] is not None]
        if backups:
            until = day_and_time(epoch(backups[0]["until"]) or 0, time.time())
            yield say("forget", "backups", file=backups[0]["file"], until=until)
        for each in places:
            if each["until"] is None:
                yield say("forget", "place", file=each["file"])


class LiveItems(QObject):
    """Reads the items again when tasks change, since there are no events about items.

    For the selected item's card, it reads what was done, and the values before corrections.
    """

    def __init__(self, view: OlderItems, tasks: TasksPage, source: ApiSource, live: Live) -> None:
        super().__init__(view)
        self._tasks = tasks
        # The item may be gone, or exist only in its tasks; the card shows the rest.
        self._reading = LatestRequest(source, lambda _: None)
        self._view = view
        view.tasks_wanted.connect(self._show_tasks)
        view.shown.connect(self._on_shown)
        view.card.task_chosen.connect(self._show_task)
        live.tasks_changed.connect(lambda _: view.rereading.note())
        live.index_followed.connect(view.model.read_search_again)
        live.was_reset.connect(view.rereading.note)

    def load(self) -> None:
        """Read the items as soon as they are shown."""
        self._view.rereading.note()

    def _on_shown(self, number: int) -> None:
        """Read the history of the item in the card."""
        self._reading.drop()
        if self._view.isVisible():
            self._reading.ask(lambda api: Job(_read, api, number).then(self._on_read))

    def _on_read(self, read: tuple[ItemDetail, list[OfficeTask]]) -> None:
        detail, told = read
        if detail["item_id"] == self._view.card.item_id:
            self._view.card.show_history(done_words(detail, told, time.time()))

    def _show_tasks(self, number: int) -> None:
        self._tasks.show_part(self.tr("Item {}").format(number), item_id=number)

    def _show_task(self, task: int) -> None:
        self._tasks.show_part(self.tr("Task {}").format(task), ids=(task,))


def _read(api: Api, number: int) -> tuple[ItemDetail, list[OfficeTask]]:
    """Read an item, and its newest messages with their attempts and deeds."""
    detail = api.items.one(number)
    return detail, [api.task(each["id"]) for each in messages(detail)[-MOST:]]


class ItemsRoom(QObject):
    """Connects the form and the place *Older items*, and what other rooms ask of items."""

    def __init__(
        self,
        window: MainWindow,
        form: ItemForm,
        view: OlderItems,
        services: RoomServices,
        tasks: TasksRoom,
        corrections: TypedDrafts,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._tasks = tasks
        self.form = form
        self.view = view
        source, live = services.source, services.live
        self.submissions = Submissions(window, form, services, tasks.verbs)
        self.corrections = Corrections(window, tasks.page, services, tasks.verbs, corrections)
        detail, outbox = tasks.page.detail, services.outbox
        self.questions = TaskQuestions(window, detail, source, outbox, tasks.verbs)
        self.live = LiveItems(view, tasks.page, source, live)
        self.forgetting = Forgetting(window, view, source)
        self.forgetting.forgotten.connect(services.outbox.forget)
        self.forgetting.forgotten.connect(self.corrections.kept.forget)
        self.forgetting.forgotten.connect(self.submissions.form_items.aside.forget)
        exports, words = services.exports, view.export.accessibleName()
        exports.offer(Listed(words, "items", lambda: partial(items_table, view.model.query)), view)
        view.export.clicked.connect(exports.ask_where)
        self._lead()
        self._connect()

    def chosen(self) -> int | None:
        """Return the item in the current row."""
        item = self.view.table.current()
        return None if item is None else item["item_id"]

    def _lead(self) -> None:
        """Take the actions on tasks that ask for a time or an address."""
        wishes = self._tasks.wishes
        wishes.lead("send_to", partial(self.questions.ask, "send_to"))
        wishes.lead("change_time", partial(self.questions.ask, "change_time"))
        self.view.action_chosen.connect(wishes.carry_out)

    def _connect(self) -> None:
        tasks, view = self._tasks, self.view
        tasks.search.batches_learned.connect(view.learn_batches)
        view.table.row_chosen.connect(tasks.questions.withdraw)
        self._services.live.stats_changed.connect(self._on_stats)

    def follow(self, *, may_change: bool) -> None:
        """Read the items of each backend; if they may be changed, let the form follow it, too."""
        self._services.link.ready.connect(self.live.load)
        if not may_change:
            return
        live, link, items = self._services.live, self._services.link, self.submissions.form_items
        for work in (items.learn_number, items.learn_templates):
            link.ready.connect(work)
        live.tasks_changed.connect(items.saw_tasks)
        live.functions_changed.connect(items.learn_functions)
        live.batches_changed.connect(items.learn_number_soon)
        self.submissions.added.connect(self._on_added)
        self.submissions.correction_left.connect(self.corrections.put)
        self.corrections.saved.connect(self.live.load)
        self.corrections.added.connect(self._tasks.past_limit.expect)
        self.corrections.retry_wanted.connect(partial(self._tasks.verbs.carry_out, "send"))
        self.corrections.begin()
        live.was_reset.connect(items.learn_number)

    def _on_added(self, tasks: list[int], is_delayed: bool) -> None:
        self._tasks.hidden.expect(tasks)
        if is_delayed:
            self._tasks.past_limit.expect(tasks)
        else:
            self._window.planned.emit()

    def _on_stats(self, stats: OfficeStats) -> None:
        rows = stats.get("batch_rows", 0) + stats.get("paused_rows", 0)
        self.view.empty.count_in_batches(rows)
