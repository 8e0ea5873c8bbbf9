"""Joins what is done with tasks: the list, the search, the detail, and the actions."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desktop.client.items import ItemQuery, oldest_stuck
from desktop.contract.batches import BatchState
from desktop.contract.office import OfficeReason
from desktop.gui.frame.cases import CaseFact
from desktop.gui.frame.exports import Listed
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.kit.rights import TASKS_FOLDER
from desktop.gui.kit.widgets.files import Scratch
from desktop.gui.kit.words.reasons import shortened
from desktop.gui.kit.words.states import error_text
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.verbs import SEND as SENDING
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.tasks.acting.retries import PastLimit
from desktop.gui.tasks.acting.safety_questions import SafetyQuestions
from desktop.gui.tasks.acting.task_verbs import TaskVerbs
from desktop.gui.tasks.detail.contents import Opens, target_of, write_letter
from desktop.gui.tasks.detail.facts import (
    BATCH,
    CAUSE,
    ITEM,
    LETTER,
    LOG,
    REPEAT,
    REPEATED,
    shared_reason,
)
from desktop.gui.tasks.failure_news import FailureNews
from desktop.gui.tasks.filters import ALL, BY_REASON, FoundCounts
from desktop.gui.tasks.table.columns import tasks_table
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from desktop.client.api import Api
    from desktop.contract.batches import Batch
    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.frame.room import FrameRoom, RoomServices
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import ApiSource, Jobs
    from desktop.gui.tasks.acting.task_actions import Called, Verb, Which, WishedVerb
    from desktop.gui.tasks.detail.contents import LinkTarget
    from desktop.gui.tasks.tasks_page import TasksPage
    from sendoff_tasks.model.tasks import TaskDetail, TaskPage


class Searching(QObject):
    """Lets the chips count what their filters show, and the menu offer known names.

    ``batches_learned`` carries the numbers of batches by name.
    """

    batches_learned = Signal(object)

    def __init__(self, page: TasksPage, source: ApiSource, live: Live) -> None:
        super().__init__(page)
        self._page = page
        self._ask = Asker(source, lambda _: None)  # the menu works without names
        self._counts = LatestRequest(source, lambda _: None)  # the next change asks again
        table = page.table
        self._of_all: Mapping[str, tuple[int, bool]] = {}  # as last counted of the whole list
        self._whole = SortedFilter()  # what was counted, of all filters
        self._recounting = Rereading(table, self._count)
        table.filtered.connect(self._on_filtered)
        self._people = LatestRequest(source, lambda _: None)  # the next search asks again
        page.list.people_wanted.connect(self._count_people)
        live.tasks_changed.connect(lambda _: self._recounting.note())
        for changed in (live.was_reset, live.index_followed):
            changed.connect(self._recounting.note)

    def load(self) -> None:
        """Read the names of tasks."""
        self._ask(lambda api: Job(_titles, api).then(self._page.search_menu.learn))

    def _on_filtered(self) -> None:
        shown = self._page.table.shown
        self._counts.drop()
        if not shown.is_narrowed:
            self._show(shown.query("-id", ALL), FoundCounts(None, self._of_all))
        self._recounting.note()

    def _count_people(self, words: str) -> None:
        """Count the people whose tasks are gone: the list does not have them."""
        self._people.drop()
        if words and not self._page.model.names.is_of_app:
            then = self._page.list.count_before
            self._people.ask(lambda api: Job(count_from_before, api, words).then(then))

    def _count(self) -> None:
        """Read what the numbers by state of the whole list do not tell."""
        shown = self._page.table.shown
        whole = shown.query("-id", ALL)
        is_of_app = self._page.model.names.is_of_app
        queries = {
            name: shown.query("-id", each)
            for name, each in BY_REASON.items()
            if not (is_of_app and OfficeReason.CAME_BACK in each.meant.reasons)
        }  # an app refuses a reason that it does not know
        asked = whole if shown.is_narrowed else None, queries
        show = partial(self._show, whole)
        self._counts.ask(lambda api: Job(count_filters, api, *asked).then(show))

    def _show(self, whole: SortedFilter, found: FoundCounts) -> None:
        if found.states is None:
            self._of_all = found.own
        if whole != self._whole:
            self._whole = whole
            self._page.chips.begin_search()
        self._page.chips.set_found(found)

    def learn_batches(self, rows: Iterable[Batch]) -> None:
        """Learn the names of started batches; a draft has no tasks, so it hides none of them."""
        started = [row for row in rows if row["state"] != BatchState.DRAFT]
        names = {row["name"]: row["batch_id"] for row in reversed(started)}  # newest of a name
        self._page.search_menu.learn_batches(list(reversed(names)))
        self._page.table.shown.batches = {name.lower(): n for name, n in names.items()}
        self.batches_learned.emit(self._page.table.shown.batches)


def count_filters(
    api: Api, whole: SortedFilter | None, queries: Mapping[str, SortedFilter]
) -> FoundCounts:
    """Count by state what ``whole`` means, and each of ``queries`` as the list that it shows."""
    states = None if whole is None else api.count_tasks(whole)
    pages = {name: api.page(query, limit=1) for name, query in queries.items()}
    own = {name: (page["total"], page["total_is_exact"]) for name, page in pages.items()}
    return FoundCounts(states, own)


def count_from_before(api: Api, words: str) -> int:
    """Count the items that words find and whose tasks are gone."""
    found = api.items.page(ItemQuery(text=words, without_task=True), limit=1)
    return sum(found["counts"].values())


def _titles(api: Api) -> list[str]:
    """Read the titles of tasks."""
    return sorted({each["title"] for each in api.functions.all()})


translate = QCoreApplication.translate
UNREAD: Final = "list_unread"


class HiddenTasks(QObject):
    """Says how many new tasks the list hides, until it shows others."""

    def __init__(self, window: MainWindow, page: TasksPage, source: ApiSource, live: Live) -> None:
        super().__init__(window)
        self._notes = window.notes
        self._note: WindowNote | None = None
        self._page = page
        self._new: set[int] = set()
        self._reading = LatestRequest(source, lambda _: None)  # the next change looks again
        page.table.filtered.connect(self._forget)
        live.index_followed.connect(self._look)  # the search finds them now

    def expect(self, tasks: list[int]) -> None:
        """Look whether the list shows tasks that a person has just added."""
        table, model = self._page.table, self._page.model
        if table.isVisible() and model.query != SortedFilter(sort=model.query.sort):
            self._new.update(tasks)
            self._look()

    def _look(self) -> None:
        query = self._page.model.query
        ids = self._new.intersection(query.ids or self._new)
        query = replace(query, ids=tuple(ids))
        if ids:
            self._reading.ask(lambda api: Job(api.page, query).then(self._on_found))
        elif self._new:
            self._say()

    def _on_found(self, page: TaskPage) -> None:
        self._new -= {row["id"] for row in page["tasks"]}
        self._say()

    def _say(self) -> None:
        if not self._new:
            self._forget()
            return
        words = say("failed", "hidden", n=len(self._new))
        way = self.tr("Clear filter"), self._page.table.cleared.emit
        self._notes.close(self._note)
        self._note = self._notes.show(words, way, icon="info")

    def _forget(self) -> None:
        self._new.clear()
        self._reading.drop()
        self._notes.close(self._note)


class TaskWishes:
    """Carries out an action, asks first, or takes the way that another room has for it."""

    def __init__(self, questions: SafetyQuestions, verbs: TaskVerbs) -> None:
        self._questions = questions
        self._verbs = verbs
        self._ways: dict[str, Callable[[list[int]], object]] = {}
        self._first: dict[str, Callable[[int, Callable[[], None]], object]] = {}

    def ask_first(
        self, wish: WishedVerb, asks: Callable[[int, Callable[[], None]], object]
    ) -> None:
        """Let a room ask before an action on one task; it calls what it is given to go on."""
        self._first[wish] = asks

    def lead(self, wish: WishedVerb, way: Callable[[list[int]], object]) -> None:
        """Let a room carry out an action on the tasks with these numbers."""
        self._ways[wish] = way

    def carry_out(self, wish: WishedVerb, which: Which) -> None:
        """Carry out an action on tasks."""
        if (way := self._ways.get(wish)) is not None:
            way([] if isinstance(which, SortedFilter) else which)
        elif wish in self._first and not isinstance(which, SortedFilter) and len(which) == 1:
            self._first[wish](which[0], lambda: self._go_on(wish, which))
        else:
            self._go_on(wish, which)

    def _go_on(self, wish: WishedVerb, which: Which) -> None:
        if not self._questions.takes(wish, which):
            self._verbs.carry_out(cast("Verb | Called", wish), which)


class LinkFollowing(QObject):
    """Follows links; the target of a result is checked again before it is opened."""

    def __init__(
        self,
        window: MainWindow,
        page: TasksPage,
        jobs: Jobs,
        open_page: Callable[[str], object],
    ) -> None:
        """``open_page`` opens a place of the page in the browser."""
        super().__init__(window)
        self._window = window
        self._page = page
        self._jobs = jobs
        self._open_page = open_page
        self._scratch = Scratch(self)
        page.detail.link_chosen.connect(self.follow)

    def follow(self, place: str, leads: Any) -> None:
        """Show where the link of a ``place`` leads."""
        show = self._page.show_part
        if place in {REPEAT, REPEATED}:
            self._page.detail.show_task(leads)
        elif place == ITEM:
            show(self.tr("Item {}").format(leads), item_id=leads)
        elif place == BATCH:
            show(self.tr("Batch {}").format(leads), batch_id=leads)
        elif place == CAUSE:
            cause, words = leads
            show(self.tr("Reason: {}").format(shortened(words)), cause=cause)
        elif place == LOG:
            self._open_page(f"?task={self._page.detail.task}")
        elif place == LETTER:
            job = Job(write_letter, leads, self._scratch.folder()).then(self._on_written)
            self._jobs.start(job.otherwise(lambda error: self._warn(error_text(error))))
        else:
            self._jobs.start(Job(target_of, leads).then(self._open))

    def _on_written(self, path: Path) -> None:
        """Open a letter with the system's e-mail program, to print or to save it."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._warn(self.tr("No program opens e-mails here. The file is {}").format(path))

    def _warn(self, words: str) -> None:
        self._window.notes.warn(words)

    def _open(self, target: LinkTarget | None) -> None:
        """Open a page or file with the system's default program, without a shell."""
        if target is None:
            self._window.notes.show(say("window", "result_gone"), icon="triangle-alert")
            return
        is_page = target.opens is Opens.PAGE
        url = QUrl(target.where) if is_page else QUrl.fromLocalFile(target.where)
        if not QDesktopServices.openUrl(url):
            self._window.notes.show(say("window", "no_program"), icon="triangle-alert")


class SentenceVerbs:
    """What the buttons of the sentence do with tasks."""

    def __init__(self, window: MainWindow, room: TasksRoom) -> None:
        self._room, self._source = room, room.source
        ways: dict[str, Callable[[str], object]] = {
            "show": lambda _: room.page.show_filter("need_you"),
            "show_task": self._show_task,
            "show_cause": self._show_cause,
            "retry": self._retry,
            "send_ready": partial(self._try_ready, worded_as=SENDING),
            "retry_ready": self._try_ready,
            "edit_template": self._edit_template,
        }
        for verb, way in ways.items():
            window.cases.lead(verb, way)

    def _show_task(self, number: str) -> None:
        words = translate("tasks", "Needs you")
        self._room.page.show_part(words, ids=[int(number)])

    def _show_cause(self, cause: str) -> None:
        words = translate("tasks", "The same way")
        self._room.page.show_part(words, cause=cause, seen=False)

    def _retry(self, cause: str) -> None:
        self._room.verbs.carry_out("retry", _of_cause(cause, State.FAILED))

    def _try_ready(self, causes: str, *, worded_as: str = "") -> None:
        """Try the tasks whose problem is fixed, and no other that waits for a person."""
        for cause in causes.split():
            self._room.verbs.act("retry", _of_cause(cause, State.WAITING), worded_as=worded_as)

    def _edit_template(self, cause: str) -> None:
        """Edit the template for which the first of these tasks waits; if none does, say so."""
        query, edit = _of_cause(cause, State.WAITING), self._room.edit_template
        self._room.ask(lambda api: Job(oldest_stuck, api, query).then(edit))


def _of_cause(cause: str, state: State) -> SortedFilter:
    return SortedFilter(states=(state.value,), seen=False, cause=cause)


class TasksRoom(QObject):
    """Connects the list of tasks, and carries out the actions on tasks."""

    def __init__(
        self, window: MainWindow, page: TasksPage, services: RoomServices, frame: FrameRoom
    ) -> None:
        super().__init__(window)
        self._window = window
        self.page = page
        self._follow(services)
        source, live = services.source, services.live
        self.source, self.ask = source, Asker(source, window.notes.warn)
        self.verbs = TaskVerbs(window, page, source, services.outbox, services.grace)
        self.questions = SafetyQuestions(window, page, self.verbs, source)
        self.wishes = TaskWishes(self.questions, self.verbs)
        self.links = LinkFollowing(window, page, source.jobs, frame.page.open)
        self.search = Searching(page, source, live)
        self.news = FailureNews(window, page, services.notifier, source, live)
        self.hidden = HiddenTasks(window, page, source, live)
        page.model.failed.connect(self._on_list_read)
        page.model.shown.connect(lambda: self._on_list_read(""))
        words = self.tr("Export these tasks…")
        services.exports.offer(
            Listed(words, "tasks", lambda: partial(tasks_table, page.model.query))
        )
        self.wishes.lead(TASKS_FOLDER, lambda _: frame.folders.open_tasks())
        self._ask = Asker(source, window.notes.warn)
        self.wishes.lead("same_reason", lambda ids: self._show_alike(ids[0]))
        for part in (page.table, page.detail):
            part.action_chosen.connect(self.wishes.carry_out)
            window.notes.countdown_begun.connect(part.count_again)
        SentenceVerbs(window, self)
        self.verbs.tried.connect(frame.tries.follow)
        self.past_limit = PastLimit(window.notes, self.verbs, source)
        self.verbs.tried_one.connect(self.past_limit.expect)
        live.tasks_changed.connect(self.past_limit.follow)
        live.pending_changed.connect(self.verbs.follow)
        for again in (services.link.ready, live.was_reset):
            again.connect(self.verbs.load)
        services.link.ready.connect(self.search.load)
        live.tasks_changed.connect(lambda _: self.verbs.retries.changes.note())
        live.was_reset.connect(self.verbs.retries.changes.note)

    def _show_alike(self, task: int) -> None:
        """Narrow the list to the tasks that failed, or wait, for the reason of one."""
        self._ask(lambda api: Job(api.task, task).then(self._on_alike))

    def _on_alike(self, task: TaskDetail) -> None:
        if task["cause"]:  # else it has succeeded meanwhile
            self.links.follow(CAUSE, (task["cause"], shared_reason(task)))

    def correct(self, tasks: list[int]) -> None:
        """Show these tasks, the first one to be corrected; if there are none left, say so."""
        if tasks:
            self.page.show_part(translate("tasks", "Needs you"), at_first=True, ids=tasks)
            self._window.enter_desk(self.page.detail)
            self.page.detail.begin_once_read()
        else:
            self._window.notes.show(say("failed", "none_left"))

    def edit_template(self, tasks: list[int]) -> None:
        """Edit the template of the first of these tasks; if there are none left, say so."""
        if tasks:
            self.wishes.carry_out("edit_template", tasks)
        else:
            self._window.notes.show(say("batch_action", "all_fixed"))

    def _on_list_read(self, trouble: str) -> None:
        """Say no more that nothing waits while the list cannot be read."""
        cases = self._window.cases
        if trouble:
            cases.tell(CaseFact(UNREAD))
        else:
            cases.take_back(UNREAD)

    def _follow(self, services: RoomServices) -> None:
        """Let the rows and the detail follow the backend, before all that reads them."""
        live, page = services.live, self.page
        live.tasks_changed.connect(page.model.apply)
        live.tasks_changed.connect(page.detail.apply)
        live.was_reset.connect(page.model.reset)
        live.was_reset.connect(page.detail.reload)
        live.index_followed.connect(page.model.read_search_again)
        live.stats_changed.connect(self._on_stats)

    def _on_stats(self, stats: OfficeStats) -> None:
        self.page.list.count_to_come(stats.get("batch_rows", 0) + stats.get("paused_rows", 0))
        self.page.chips.set_stats(stats)
        self.page.table.selection.set_stats(stats)
