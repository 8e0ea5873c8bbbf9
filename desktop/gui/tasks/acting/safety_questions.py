"""Asks before tasks are removed, or messages are sent a second or a third time."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal, cast, get_args

from PySide6.QtCore import QObject

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.widgets.questions import ask
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.verbs import skipped_words
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.tasks.acting.task_actions import removable
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.acting.task_actions import Which, WishedVerb
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from desktop.gui.tasks.tasks_page import TasksPage
    from sendoff_tasks.model.tasks import BulkAction, BulkAnswer

SecondTime = Literal["again", "send_again"]
"""Verbs that repeat uncertain tasks; these ask even for a single task."""
QuestionVerb = Literal["remove", "resend"] | SecondTime


class SafetyQuestions(QObject):
    """Asks before several tasks are removed or sent again, and before uncertain ones run again.

    For a single message, it asks if another task was already made to send it again.

    The menu offers to remove all finished tasks that the table shows. Once other tasks are selected
    or shown, nothing is asked any more, so a question is always about those on screen.
    """

    def __init__(
        self, window: MainWindow, page: TasksPage, verbs: TaskVerbs, source: ApiSource
    ) -> None:
        super().__init__(window)
        self._window = window
        self._table, self._model = page.table, page.model
        self._verbs = verbs
        self._looking = LatestRequest(source, lambda error: self._tell(str(error)))
        menu = window.menu
        menu.remove_chosen.connect(self._on_chosen_in_menu)
        menu.aboutToShow.connect(self._on_menu_about_to_show)
        table = page.table
        for others in (table.selection.chosen, table.filtered, window.places.currentChanged):
            others.connect(self.withdraw)

    def _on_menu_about_to_show(self) -> None:
        """Show *Remove finished tasks…* if the table is visible and may have any."""
        are_seen = self._window.places.shown is None
        may_remove = self._window.rights.may_change and bool(removable(self._model.query))
        words = self.tr("Remove finished tasks…")
        if _is_part(self._model.query):
            words = self.tr("Remove finished tasks in this list…")
        self._window.menu.remove.setText(words)
        self._window.menu.remove.setVisible(are_seen and may_remove)

    def _on_chosen_in_menu(self) -> None:
        states = removable(self._model.query)
        if states:
            self.ask("remove", replace(self._model.query, states=states, sort="-id"))

    def takes(self, wish: WishedVerb, which: Which) -> bool:
        """Ask about an action if it needs a question; tell whether it does."""
        is_one = not isinstance(which, SortedFilter) and len(which) == 1
        is_third = wish == "resend" and self._repeat_of(which) is not None
        is_many = wish in {"remove", "resend"} and not is_one
        if wish in get_args(SecondTime) or is_many or is_third:
            self.ask(cast("QuestionVerb", wish), which)
            return True
        return False

    def ask(self, verb: QuestionVerb, which: Which) -> None:
        """Read how many tasks an action would change, then ask."""
        if isinstance(which, SortedFilter):
            known_at = which.known_at or time.time()  # none that end meanwhile
            which = replace(which, known_at=known_at)
            meant: tuple[list[int] | None, SortedFilter | None] = None, which
        else:
            meant = which, None
        asks = partial(self._question, verb, which)
        action: BulkAction = "again" if verb == "send_again" else verb
        self._looking.ask(lambda api: Job(_look, api, action, *meant).then(asks))

    def _question(self, verb: QuestionVerb, which: Which, answer: BulkAnswer) -> None:
        """Ask, with what would be done and what not."""
        left = skipped_words(answer["skipped"]) if answer["skipped"] else ""
        if answer["touched"] == 0:
            self._tell(sentences(say("tail", "nothing"), left))
            return
        repeated, more = "", list[str]()
        if verb == "remove":
            what, more = "remove", _said_of_removing(which, answer)
            keep, go_on = self.tr("Keep"), self.tr("Remove")
        elif verb == "resend" or answer.get("queues", {}).keys() <= {MAIL_QUEUE}:
            what = "resend" if verb == "resend" else "send_again"
            if (repeat := self._repeat_of(which)) is not None:
                repeated = say("question", "repeated", task=repeat)
            keep, go_on = self.tr("Do not send"), self.tr("Send again")
        else:
            what = "again"
            keep, go_on = self.tr("Do not run"), self.tr("Run again")
        count = answer["touched"]
        if not answer.get("is_exact", True):  # a search stopped to count
            more = [say("question", "more"), *more]
        words = sentences(repeated or say("question", what, n=count), *more)
        carry_out = partial(self._verbs.carry_out, verb, which)
        ask(self._window, sentences(words, left), keep, (go_on, carry_out))

    def _repeat_of(self, which: Which) -> int | None:
        """Return the task that was made to repeat a single one; ``None`` if none is known."""
        if isinstance(which, SortedFilter) or len(which) != 1:
            return None
        row = self._model.tasks.row(which[0])
        return row.data["task_id"] if row is not None and row.is_repeated else None

    def withdraw(self) -> None:
        """Ask nothing more: other tasks are selected or shown."""
        self._looking.drop()

    def _tell(self, words: str) -> None:
        self._window.notes.show(words, icon="info")


def _look(
    api: Api, action: BulkAction, ids: list[int] | None, query: SortedFilter | None
) -> BulkAnswer:
    """Preview an action; more tasks than a preview counts are counted by state, if they can be."""
    answer = api.actions.preview(action, ids, query)
    if (
        query is not None
        and query.states
        and not (answer.get("is_exact", True) or answer["skipped"])
    ):
        found = api.count_tasks(replace(query, known_at=None))  # a moment would take a search
        if found["is_exact"]:
            answer["touched"] = sum(found["counts"][state] for state in query.states)
            answer["is_exact"] = True
    return answer


def _said_of_removing(which: Which, answer: BulkAnswer) -> list[str]:
    query = which if isinstance(which, SortedFilter) else None
    are = {
        "remove_part": query is not None and _is_part(query),
        "remove_items": True,
        "remove_kept": answer.get("kept"),
        "remove_stays": query is not None and query.states == (State.SUCCEEDED,),
    }
    return [say("question", name) for name, is_so in are.items() if is_so]


def _is_part(query: SortedFilter) -> bool:
    """Tell whether a search, a chip or a link shows only a part of the tasks."""
    whole = SortedFilter(known_at=query.known_at, sort=query.sort)
    return query not in {whole, replace(whole, states=removable(whole))}
