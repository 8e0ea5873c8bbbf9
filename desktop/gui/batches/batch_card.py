"""The card below the list of batches: one batch with the causes that stop it."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QWidget

from desktop.contract.batch_condition import (
    begins_later,
    can_undo,
    is_fixed,
    is_kept_waiting,
    is_paused,
    is_ready,
    ready_now,
    wrong_addresses,
)
from desktop.contract.batches import BatchState
from desktop.contract.office import OfficeCure
from desktop.gui.batches.batch_numbers import numbers
from desktop.gui.batches.batch_words import explanation, headline, letter_words, look_of
from desktop.gui.batches.draft_words import about_draft
from desktop.gui.kit.look.appearance import LOOK, bind_theme, px, set_role, sized
from desktop.gui.kit.rights import READ_ONLY
from desktop.gui.kit.widgets.action_row import Action, ActionRow
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.card import TITLED, Card, Headline, turn
from desktop.gui.kit.widgets.surfaces import FlowPane, clear
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.reasons import brief_cause_words, cure_words
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.verbs import tip_words
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.reasons import OUTAGES, PAUSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from desktop.contract.batches import Batch, BatchCause
    from desktop.gui.batches.batch_numbers import Number
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.tasks.acting.pending_actions import PendingAction


WIDEST: Final = 860
"""The greatest width of the lines, in grid units, so the cure is near its cause."""
NARROW: Final = 360
"""Below this width, in grid units, the cure is placed below its cause."""
_CAUSE_ROLES: Final = {Cure.RESOLVE.value: "unsure", OfficeCure.EDIT_TEMPLATE.value: "waiting"}
"""The role of a count whose tasks have not failed."""
NAME: Final = 230
"""The most width that a batch's name takes from its buttons, in grid units."""
COMES: Final = {"retry", "correct", "try_held", "take_back"}
"""Verbs whose buttons may appear while the person is about to press another one."""
REPLACED_BY_UNDO: Final = {"take_back", "try_held", "try_now"}
"""Verbs that are not offered while waiting messages are about to be tried."""
RARE: Final = {"limit", "time", "try_now", "try_queue", "rows"}
"""Verbs in *More actions*: they are needed less often, or are elsewhere, too.

A notice tries the queue, and each number shows its tasks.
"""
STEERS: Final = {"pause", "resume", "cancel", "delete"}
"""Verbs beside the headline: no other button moves under the mouse just before a click.

While *Undo* is shown before them, they keep their places.
"""
APART: Final = 32
"""The space before the rows that were left out, in grid units: they are no part of the others."""
_BELOW: Final = QBoxLayout.Direction.TopToBottom
_ROLES: Final = {"failed": "error", "uncertain": "unsure"}


class CauseLines(QWidget):
    """Shows the causes of one batch; ``cure_chosen`` carries a cure, the cause and the batch."""

    cure_chosen = Signal(str, str, int)

    def __init__(self, rights: WindowRights) -> None:
        super().__init__()
        self._rights = rights
        self._lines: list[tuple[Any, ...]] = []
        self.counts: list[QLabel] = []
        self.abouts: list[QLabel] = []
        self._helps: list[QWidget] = []
        self._is_narrow = False
        self._grid = sized(QGridLayout(self), margins=0, across=12, down=4)
        self._grid.setColumnStretch(1, 1)
        sized(self, most_width=WIDEST)
        LOOK.changed.connect(self._turn)

    def show_of(self, batch: Batch) -> None:
        """Show the causes of a batch; if only the counts have changed, keep the widgets."""
        number, causes = batch["batch_id"], [each for each in batch["causes"] if not is_fixed(each)]
        lines = [(number, each["cause"], each["cure"], each["title"]) for each in causes]
        self.setVisible(bool(lines))
        if lines != self._lines:
            self._lines = lines
            self._make(number, causes)
        for label, cause in zip(self.counts, causes, strict=True):
            label.setText(self.tr("{} ×").format(figure(cause["count"])))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cure below its cause if there is no room beside it."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        is_narrow = self.width() < px(NARROW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            for line in range(len(self._helps)):
                self._place(line)

    def _make(self, number: int, causes: list[BatchCause]) -> None:
        clear(self._grid)
        self.counts, self.abouts, self._helps = [], [], []
        for cause in causes:
            self._add(
                cause, _CAUSE_ROLES.get(cause["cure"] or "", "error"), self._cure(number, cause)
            )

    def _add(self, cause: BatchCause, role: str, what: QWidget) -> None:
        """Add the line of a cause, with ``what`` at its end."""
        count = set_role(sized(QLabel(), least_height=20), role)  # as high as a link
        self.counts.append(count)
        about = Paragraph(brief_cause_words(cause["about"]))
        self.abouts.append(sized(about, margins=(0, 2, 0, 2)))
        self._helps.append(what)
        self._place(len(self.counts) - 1)
        for part in (count, about, what):
            part.show()  # else they are hidden until the next layout

    def _place(self, line: int) -> None:
        """Place the parts of a line for the current width."""
        align, row = Qt.AlignmentFlag, 2 * line
        below = (row + 1, 1) if self._is_narrow else (row, 2)
        self._grid.addWidget(self.counts[line], row, 0, align.AlignTop | align.AlignRight)
        self._grid.addWidget(self.abouts[line], row, 1)
        self._grid.addWidget(self._helps[line], *below, align.AlignTop | align.AlignLeft)

    def _cure(self, number: int, cause: BatchCause) -> QWidget:
        """Return a link with the cure; if it is not needed or not allowed, a label.

        Addresses are corrected by the button for all of them.
        """
        if cause["cure"] == OfficeCure.CORRECT_ADDRESS:
            return QLabel()
        if cause["cure"] is None or not self._rights.allows(cause["cure"]):
            return set_role(QLabel(cure_words(cause["cure"])), "soft")
        link = Link(cure_words(cause["cure"]))
        chosen = (cause["cure"], cause["cause"], number)
        link.clicked.connect(lambda: self.cure_chosen.emit(*chosen))
        return link


class BatchCard(Card):
    """Shows one batch; ``action_chosen`` carries a verb and the batch's number.

    The verbs: ``open`` a draft, ``rows`` (its tasks), ``pause``, ``resume``, ``limit``, ``time``,
    ``cancel``, ``correct`` (wrong addresses), ``retry``, ``try_now``, ``try_held`` (its problem is
    fixed), ``try_queue`` (its mail server is away), ``take_back``, ``report``, ``delete``, and
    those of its ``numbers``. ``cure_chosen`` carries a cure, the cause and the batch's number.
    ``about`` explains the batch in sentences.
    """

    action_chosen = Signal(str, int)
    cure_chosen = Signal(str, str, int)

    def __init__(self, rights: WindowRights) -> None:
        super().__init__()
        self._rights = rights
        self._steering: tuple[int, Sequence[Action]] = 0, ()  # a batch's, before *Undo* came
        self._title = sized(Headline(), least_height=32)  # also without buttons beside it
        self.letter = set_role(Paragraph(), "soft")
        self.about = Paragraph()
        self.numbers = _Numbers()
        self.numbers.chosen.connect(self.action_chosen.emit)
        self.causes = CauseLines(rights)
        self.causes.cure_chosen.connect(self.cure_chosen.emit)
        self.row = ActionRow(rights, COMES, RARE, STEERS | {"undo"})
        self._name = self.row.title = _Name(self.row)
        sized(self._name, least_height=32)  # as high as the first line of buttons
        self.row.chosen.connect(self.action_chosen.emit)
        self.top.addWidget(self._name, 0, Qt.AlignmentFlag.AlignTop)
        self.top.addLayout(self.row, 1)
        self._first = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._first.addWidget(self._title, 1, Qt.AlignmentFlag.AlignVCenter)
        self._first.addLayout(self.row.place_apart)
        self._first.setAlignment(self.row.place_apart, Qt.AlignmentFlag.AlignRight)
        self.column.addLayout(self._first)
        self.column.addWidget(self.letter)
        self.column.addWidget(self.about)
        self.column.addWidget(self.numbers)
        beside = QHBoxLayout()
        beside.addWidget(self.causes, 1)
        beside.addStretch()  # the room beyond their greatest width
        self.column.addLayout(beside)
        self.column.addStretch(1)
        self.show_batch(None)

    def show_batch(
        self,
        batch: Batch | None,
        pace: float = 0.0,
        started: PendingAction | None = None,
        tries: Sequence[PendingAction] = (),
    ) -> None:
        """Show a batch, or none; ``pace`` is the number of messages sent in a second.

        While a verb is ``started`` on it, *Undo* replaces the actions that change it, and while
        ``tries`` of its waiting messages are pending, those that try them. One that is due has no
        *Undo*.
        """
        for part in (self._name, self._title, self.letter):
            part.setVisible(batch is not None)
        self.show_bar(there=batch is not None)
        if batch is None:
            self.causes.hide()
            self.numbers.hide()
            self.row.offer([], None)
            self.about.setText(self.tr("Choose a batch to see what happened to it."))
            self.about.show()
            return
        now, actions = time.time(), self._actions(batch)
        undo = Action("undo", self.tr("Undo"), "undo-2", tip_words("undo"))
        if tries:
            actions = [each for each in actions if each.verb not in REPLACED_BY_UNDO]
            actions = actions if all(each.is_due for each in tries) else [undo, *actions]
        steering = [each for each in actions if each.verb in STEERS]
        if started is not None:
            actions = [each for each in actions if each.verb in READ_ONLY]
            if not started.is_due:
                actions += [undo, *self._standing_by(batch, steering)]
        else:
            self._steering = batch["batch_id"], steering
        self.row.offer(actions, batch["batch_id"])
        cancelling = started is not None and started.worded_as == "cancel"
        look = look_of(batch, now, cancelling=cancelling)
        self._name.setText(self.tr("Batch {}: {}").format(batch["batch_id"], batch["name"]))
        self._title.say(headline(batch, now), look.icon, look.token)
        self.letter.setText(letter_words(batch))
        about = explanation(batch, now, pace)
        if batch["state"] == BatchState.DRAFT:
            about = sentences(*about_draft(batch, may_act=self._rights.may_change))
        if started is not None and cancelling:
            most = batch["counts"]["open"]  # running ones may still be sent
            about = say("batch_action", "cancelling", n=most)
            undoable = say("batch_action", "undo")
            about = about if started.is_due else sentences(about, undoable)
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.numbers.show_of(batch)
        self.causes.show_of(batch)

    def _turn_top(self) -> None:
        """Put the verbs of ``STEERS`` below the headline if there is no room beside it."""
        super()._turn_top()
        turn(self._first, beside=self.width() >= px(TITLED))

    def _actions(self, batch: Batch) -> list[Action]:
        """List the actions: those that come and go first, then lasting ones, then rare ones."""
        counts, state = batch["counts"], batch["state"]
        if state == BatchState.DRAFT:
            return [
                Action("open", self.tr("Open"), "pencil", self.tr("Review it, and send it")),
                Action("delete", self.tr("Delete draft"), "x"),
            ]
        actions = []
        if can_undo(batch, time.time()):
            actions.append(
                Action(
                    "take_back",
                    self.tr("Take back"),
                    "undo-2",
                    self.tr("The batch becomes a draft again. None of its e-mails was sent."),
                )
            )
        if is_kept_waiting(batch) and batch["leaves"]["reason"] in OUTAGES:
            tip = self.tr("Ask the mail server now.")
            actions.append(Action("try_queue", self.tr("Try now"), "rotate-cw", tip))
        elif left := counts["open"] if is_ready(batch) else ready_now(batch):
            words = self.tr("Try now ({})").format(figure(left))
            tip = self.tr("The problem is fixed. Send these e-mails now.")
            actions.append(Action("try_held", words, "rotate-cw", tip))
        elif batch["leaves"]["put_off"] is not None and not is_paused(batch):
            words = self.tr("Try now ({})").format(figure(batch["leaves"]["put_off"]["count"] or 0))
            actions.append(Action("try_now", words, "rotate-cw"))
        wrong = sum(each["count"] for each in wrong_addresses(batch))
        if (again := batch["to_retry"]) > wrong:  # else all would fail again
            words = say("cure", "retry_failed", n=again)
            actions.append(Action("retry", words, "rotate-cw"))
        if wrong:
            words = say("cure", "correct_addresses", n=wrong)
            actions.append(Action("correct", words, "pencil"))
        if batch["sheet"]:
            actions.append(
                Action(
                    "report",
                    self.tr("Save report…"),
                    "file-down",
                    self.tr("The spreadsheet with the result of each row."),
                )
            )
        actions.append(Action("rows", self.tr("Show its tasks"), "chevron-right"))
        if counts["open"]:
            tip = self.tr("How many of its e-mails may be sent, and in which time")
            actions.append(Action("limit", self.tr("Change limit…"), "clock", tip))
        if counts["open"] and begins_later(batch, time.time()):
            tip = self.tr("When its first e-mail is sent")
            actions.append(Action("time", self.tr("Change time…"), "calendar-clock", tip))
        if state == BatchState.PAUSED:
            actions.append(
                Action("resume", self.tr("Resume"), "play", self.tr("Sending continues."))
            )
        if state == BatchState.RUNNING:
            actions.append(self._pause(batch))
        if counts["open"]:
            actions.append(self._cancel())
        return actions

    def _pause(self, batch: Batch) -> Action:
        words, tip = (
            self.tr("Pause"),
            self.tr("No more e-mails of the batch are sent until you resume."),
        )
        if batch["leaves"]["reason"] in PAUSED:  # stopped by another pause, not its own
            words = self.tr("Pause it too")
            tip = self.tr("The batch stays paused when the other tasks are resumed.")
        return Action("pause", words, "pause", tip)

    def _cancel(self) -> Action:
        return Action("cancel", self.tr("Cancel the rest"), "ban")

    def _standing_by(self, batch: Batch, now: Sequence[Action]) -> list[Action]:
        """Return the disabled verbs of ``STEERS`` as they were before *Undo* came."""
        number, before = self._steering
        steering = [*(before if number == batch["batch_id"] else now)]
        if batch["state"] != BatchState.DRAFT:
            verbs = {each.verb for each in steering}
            if verbs.isdisjoint({"pause", "resume"}):
                steering.insert(0, self._pause(batch))
            if "cancel" not in verbs:
                steering.append(self._cancel())
        return [each._replace(works=False) for each in steering]


class _Numbers(FlowPane):
    """A small table of a batch's rows, each number above its word; before it in a low window.

    ``chosen`` carries a number's verb and the batch.
    """

    chosen = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, Link] = {}
        self._pairs: dict[str, QWidget] = {}
        self._number = 0
        self._words: list[tuple[str, str, bool]] = []
        self._measured: tuple[object, ...] = ()
        sized(self.flow, spacing=24)

    def show_of(self, batch: Batch) -> None:
        """Show the numbers of a started batch; a draft has none."""
        found = [] if batch["state"] == BatchState.DRAFT else numbers(batch)
        self.setVisible(bool(found))
        self._number = batch["batch_id"]
        words = [(each.verb, each.word, each.rows > 0) for each in found]
        if words != self._words:
            self._words = words
            self._make(found)
        self._reserve(figure(batch["counts"]["rows"]))
        for each in found:
            link = self.links[each.verb]
            link.setText(figure(each.rows))
            link.setEnabled(each.rows > 0)
            link.setAccessibleName(f"{figure(each.rows)} {each.word}")

    def _reserve(self, widest: str) -> None:
        """Keep room for the largest number, so that one that grows moves no other."""
        measured = (widest, self._words, LOOK.theme)
        if measured == self._measured:
            return
        self._measured = measured
        for verb, pair in self._pairs.items():
            self.links[verb].setText(widest)
            pair.setMinimumWidth(pair.sizeHint().width())

    def _make(self, found: Sequence[Number]) -> None:
        clear(self.flow)
        self.links, self._pairs = {}, {}
        for each in found:
            role = _ROLES.get(each.verb, "soft") if each.rows else "soft"
            link, word = Link(""), set_role(QLabel(each.word), role)
            link.setProperty("lines", "figure")
            link.clicked.connect(partial(self._choose, each.verb))
            self.links[each.verb] = link
            pair = self._pairs[each.verb] = QWidget()
            apart = APART if each.verb == "left_out" else 0
            both = sized(QBoxLayout(_BELOW, pair), margins=(apart, 0, 0, 0), spacing=(0, 6))
            both.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            both.addWidget(word)
            both.addStretch(1)
            bind_theme(both, "direction", lambda box, theme: turn(box, beside=theme.is_low))
            self.flow.addWidget(pair)
            pair.show()  # else it is hidden until the next layout

    def _choose(self, verb: str) -> None:
        self.chosen.emit(verb, self._number)


class _Name(ElidedLabel):
    """A batch's name; it asks for ``NAME`` units of the grid at most, and takes the free room."""

    def __init__(self, row: ActionRow) -> None:
        super().__init__(mode=Qt.TextElideMode.ElideMiddle)
        self.setProperty("role", "title")
        self._row = row

    def sizeHint(self) -> QSize:
        """Leave the rest of the line to the buttons."""
        whole = super().sizeHint()
        return QSize(min(whole.width(), px(NAME)), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Extend to the buttons, which may have been laid out before."""
        super().resizeEvent(event)
        self._row.widen_title()
