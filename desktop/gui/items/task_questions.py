"""Asks to which address a copy goes, or when tasks start, and carries out the answers."""

from __future__ import annotations

import time
from collections import Counter
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject, Signal

from desktop.gui.items.form.item_fields import EMAIL, NAME, ContactPaste, item_fields
from desktop.gui.kit.look.appearance import set_role
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.texts import Feedback, WholeLabel
from desktop.gui.kit.words.states import in_words, starts
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import Asker, Job
from desktop.gui.link.outbox import Wish
from desktop.gui.tasks.acting.pending_actions import ActionCall
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused, field_errors
from sendoff_tasks.model.text import trimmed
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.client.api import Api
    from desktop.contract.items import Recipient
    from desktop.contract.office import OfficeTask
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toasts import Toast
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.link.outbox import Outbox
    from desktop.gui.tasks.acting.task_actions import Question
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from sendoff_tasks.model.tasks import TaskRow


UNDO_S: Final = 5.0
"""Seconds that the change of a time can be undone."""


class AskingSheet(Sheet):
    """Emits ``answered`` when the person confirms valid input, by the button or by Enter.

    The receiver then calls :meth:`close` or :meth:`show_failure`; until then it is not emitted
    again.
    """

    answered = Signal()

    def __init__(self, title: str, word: str, host: QWidget) -> None:
        super().__init__(400, host)
        self.numbers: list[int] = []
        self._fields: tuple[QWidget, ...] = ()
        self.set_title(title)
        self._pending = False
        self.about = set_role(WholeLabel(), "soft")
        self.trouble = Feedback()
        self._word = word

    def hold(self, *fields: QWidget) -> None:
        """Lay out the fields."""
        self._fields = fields
        self.add_scrolled(self.about, *fields, self.trouble)
        self.button = self.add_default(self._word, self._on_answer)

    def ask(self, about: str, numbers: list[int]) -> None:
        """Open the sheet for tasks or a batch, with a sentence about them."""
        self.numbers = numbers
        self.start_over()
        self.about.setText(about)
        self._pending = False
        self.trouble.say("")
        self.open()

    def start_over(self) -> None:
        """Reset the fields."""
        raise NotImplementedError

    def show_failure(self, error: Exception) -> None:
        """Show why the action failed, and allow another answer."""
        self._pending = False
        self.trouble.say_why(str(error), error)
        self.bring_into_sight(self.trouble)

    def is_right(self) -> bool:
        """Check the input, show its errors, and tell whether there are none.

        Here any input is right.
        """
        return True

    def _on_answer(self) -> None:
        if self._pending:
            return
        if self.is_right():
            self._pending = True
            self.answered.emit()
        else:
            self._show_wrong()

    def _show_wrong(self) -> None:
        """Scroll to the first field with an error."""
        kinds = (Field, MomentField)
        wrong = (each for each in self._fields if isinstance(each, kinds) and each.error)
        self.bring_into_sight(*list(wrong)[:1])


class AddressSheet(AskingSheet):
    """Asks for an address and an optional name."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(self.tr("Send to another address"), self.tr("Send"), host)
        kinds = {kind.path: kind for kind in item_fields()}
        self.name, self.email = (
            Field(kinds[path].label, kinds[path].check) for path in (NAME, EMAIL)
        )
        ContactPaste({NAME: self.name, EMAIL: self.email}, self)
        self.note = set_role(WholeLabel(), "soft")
        self.note.setText(say("copy_to", "informs"))
        self.hold(self.email, self.name, self.note)

    def start_over(self) -> None:
        """Empty the fields."""
        for field in (self.name, self.email):
            field.set_text("")

    def recipient(self) -> Recipient:
        """Return the typed recipient."""
        name, email = trimmed(self.name.text()), trimmed(self.email.text())
        return {"name": name, "email": email} if name else {"email": email}

    def show_failure(self, error: Exception) -> None:
        """Show why the message was not sent, at its field or below the fields."""
        at = {"to.name": self.name, "to.email": self.email}
        wrong = field_errors(error)
        for each in wrong:
            if each["path"] in at:
                at[each["path"]].show_error(each["message"])
        if wrong and all(each["path"] in at for each in wrong):
            self._pending = False
            self.trouble.say("")
            self._show_wrong()
        else:
            super().show_failure(error)

    def is_right(self) -> bool:
        """Check the input, show its errors, and tell whether there are none."""
        right = [field.check() for field in (self.name, self.email)]
        return all(right)

    def focus_first(self) -> None:
        """Focus the address and select it."""
        self.email.editor.setFocus()
        self.email.editor.selectAll()


class TimeSheet(AskingSheet):
    """Asks for a day and a time in the future."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(self.tr("Change time"), self.tr("Save"), host)
        self.send_at = MomentField(self.tr("Starts at"), "", optional=False)
        self._before = ""
        self.hold(self.send_at)

    def set_time(self, moment: str) -> None:
        """Set the initial time (RFC 3339)."""
        self._before = moment

    def start_over(self) -> None:
        """Show the initial time."""
        self.send_at.set_moment(self._before)

    def is_right(self) -> bool:
        """Check the time, show its error, and tell whether it is valid."""
        return self.send_at.check()

    def focus_first(self) -> None:
        """Focus the time."""
        self.send_at.editor.setFocus()


class ChangedTimes(NamedTuple):
    """The changed tasks, the start time that each had ``before``, and the refusals."""

    rows: list[TaskRow]
    before: list[str | None]
    refused: list[Refused]


class TaskQuestions(QObject):
    """Asks in sheets, which are made when first needed, and carries out the answers."""

    def __init__(
        self, window: MainWindow, source: ApiSource, outbox: Outbox, verbs: TaskVerbs
    ) -> None:
        super().__init__(window)
        self._window = window
        self._ask = Asker(source, window.toasts.warn)
        self._outbox = outbox
        self._verbs = verbs
        self._to: Recipient | None = None
        self._key = ""

    def ask(self, question: Question, tasks: list[int]) -> None:
        """Read the first of these tasks, and ask about all of them."""
        shown = partial(self._ask_address if question == "send_to" else self._ask_time, tasks)
        self._ask(lambda api: Job(api.task, tasks[0]).then(shown))

    @cached_property
    def _address(self) -> AddressSheet:
        sheet = self._window.sheets.make(AddressSheet)
        sheet.answered.connect(self._on_address_answered)
        return sheet

    @cached_property
    def _time(self) -> TimeSheet:
        sheet = self._window.sheets.make(TimeSheet)
        sheet.answered.connect(self._on_time_answered)
        return sheet

    def _ask_address(self, tasks: list[int], task: OfficeTask) -> None:
        self._to = None
        about = say("copy_to", "address", to=task.get("to") or "–")
        item = self.tr("Send item {} to another address").format(task.get("item_id"))
        self._address.set_title(item if task.get("item_id") else self.tr("Send to another address"))
        self._address.ask(about, tasks)

    def _ask_time(self, tasks: list[int], task: OfficeTask) -> None:
        self._time.set_time(task["run_at"] or "")
        many = say("start", "will", n=len(tasks))
        one = " · ".join(each for each in (task["title"], task.get("to")) if each)
        self._time.ask(many if len(tasks) > 1 else one, tasks)

    def _on_address_answered(self) -> None:
        sheet = self._address
        if (to := sheet.recipient()) != self._to:  # else a lost call is repeated
            self._to, self._key = to, new_key()
        call = ActionCall("send_to", sheet.numbers, to=to, key=self._key)
        call.asked, call.failed = sheet.close, sheet.show_failure
        self._verbs.ask(call)

    def _on_time_answered(self) -> None:
        sheet = self._time
        failed, times = sheet.show_failure, dict.fromkeys(sheet.numbers, sheet.send_at.moment())
        wish = Wish(partial(_change, times, {}), about=sheet)
        self._outbox.put(wish, self._on_changed, failed, failed)

    def _change_back(self, before: dict[int, str]) -> None:
        self._outbox.put(Wish(partial(_change, before, {})), self._say_changed)

    def _on_changed(self, changed: ChangedTimes) -> None:
        """Say when the tasks start now, and offer *Undo* if each had a time that is yet to come."""
        self._time.close()
        is_to_come = all((epoch(moment) or 0.0) > time.time() + UNDO_S for moment in changed.before)
        toast = self._say_changed(changed, self.tr("Undo") if is_to_come else "")
        before = {row["id"]: at for row, at in zip(changed.rows, changed.before, strict=True) if at}
        toast.action_chosen.connect(partial(self._change_back, before))

    def _say_changed(self, changed: ChangedTimes, action: str = "") -> Toast:
        whens = Counter(starts(row_of(row), time.time()) for row in changed.rows)
        said = [say("start", "changed", n=n, when=when) for when, n in whens.items()]
        if refused := changed.refused:
            said.append(say("start", "refused", n=len(refused), why=in_words(refused[0])))
        words_said, icon = " · ".join(said), "calendar-clock"
        return self._window.toasts.show(words_said, seconds=UNDO_S, action=action, icon=icon)


def _change(
    times: dict[int, str], known: dict[int, str | None], api: Api, _key: str
) -> ChangedTimes:
    """Change the start times of tasks, given by their numbers; ``known`` remembers those before.

    Raises ``Refused`` if all are refused.
    """
    done = ChangedTimes([], [], [])
    for task_id, run_at in times.items():
        try:
            if task_id not in known:  # else it is asked again, and may be changed already
                known[task_id] = api.task(task_id)["run_at"]
            done.rows.append(api.change_task(task_id, {"run_at": run_at}))
            done.before.append(known[task_id])
        except Refused as error:
            done.refused.append(error)
    if len(done.refused) == len(times):
        raise done.refused[0]
    return done
