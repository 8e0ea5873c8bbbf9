"""The foot of a page of the desk: its buttons, or what is asked in place of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.gui.frame.desk import first_stop_in
from desktop.gui.frame.input import SettlingButton
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.accent import ACCENT, AccentClaim
from desktop.gui.kit.widgets.buttons import HintedButton, IconButton, press_on_enter
from desktop.gui.kit.widgets.surfaces import (
    FlowPane,
    bring_into_sight,
    drop,
    focus_in_sight,
    scrolled,
    tab_stops_in,
)
from desktop.gui.kit.widgets.texts import Feedback, WholeLabel
from desktop.gui.tasks.detail.desk_content import Foot
from desktop.gui.tasks.detail.modes import LEFT
from sendoff_tasks.client.errors import field_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QKeyEvent, QMoveEvent

    from desktop.gui.kit.widgets.field import Field
    from desktop.gui.kit.widgets.moments import MomentField
    from desktop.gui.tasks.detail.desk_content import DeskAction


class VerbButton(SettlingButton):
    """A button for an action that may change; ``acted`` carries the action.

    After a change, or a move, a click counts once a person can have seen it.
    """

    acted = Signal(object)

    def __init__(self, role: str = "second") -> None:
        super().__init__()
        self.action: DeskAction | None = None
        self._has_icon = role == "quiet"
        set_role(self, role)
        self.meant.connect(self._on_meant)
        self.hide()

    def show_action(self, action: DeskAction | None, *, works: bool = True) -> None:
        """Show another action, or none."""
        before, self.action = self.action, action
        if action is not None:
            if before is None or before.verb != action.verb:
                self.settle()
            self.setText(action.text)
            if self._has_icon:
                icons.put(self, action.icon)
            self.setEnabled(works and action.works)
            self.setToolTip(action.effect)
            self.setAccessibleDescription(action.effect)
        self.setVisible(action is not None)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Ignore a click that was meant for what was here."""
        super().moveEvent(event)
        self.settle()

    def _on_meant(self) -> None:
        if self.action is not None:
            self.acted.emit(self.action)


class FootBar(QWidget):
    """The buttons below, or a question; ``acted`` carries a chosen action.

    ``turned`` is emitted when a question takes the place of the buttons, and when it ends.
    """

    acted = Signal(object)
    turned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown = Foot()
        self._question: FootQuestion | None = None
        self._came_from: QWidget | None = None  # the focus
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        quiet, self._buttons = FlowPane(), QWidget()
        sized(quiet.flow, spacing=8)
        self.left = [VerbButton("quiet") for _ in range(LEFT)]
        self.second, self.main = VerbButton(), VerbButton()
        for each in self.left:
            quiet.flow.addWidget(each)
        row = sized(QHBoxLayout(self._buttons), margins=0, spacing=8)
        row.addWidget(quiet, 1)
        for each in (self.second, self.main):
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        for each in (*self.left, self.second, self.main):
            each.acted.connect(self.acted)
        self._column = sized(QVBoxLayout(self), margins=(12, (12, 2), 20, (12, 2)))
        self._column.addWidget(self._buttons)
        ACCENT.give(self.main, self._claim)

    def _claim(self) -> AccentClaim:
        if self._shown.is_typed:
            return AccentClaim.TYPED
        return AccentClaim.DESK if self._shown.leads else AccentClaim.NONE

    def show_foot(self, foot: Foot) -> None:
        """Show other buttons; those at the right are off until what they act on is in sight."""
        self._shown = foot
        at_left = [*foot.left, *[None] * LEFT]
        for button, action in zip(self.left, at_left, strict=False):
            button.show_action(action)
        second, main = (None, None, *foot.right)[-2:]
        self.second.show_action(second, works=foot.works)
        self.main.show_action(main, works=foot.works)
        ACCENT.choose()

    @property
    def texts(self) -> list[str]:
        """The texts of the buttons that are shown."""
        there = (*self.left, self.second, self.main)
        return [each.text() for each in there if not each.isHidden()]

    @property
    def asks(self) -> bool:
        """Whether a question has the place of the buttons."""
        return self._question is not None

    def ask(self, question: FootQuestion) -> None:
        """Show a question in place of the buttons, and of one that was asked before."""
        self.end()
        self._came_from, self._question = self.window().focusWidget(), question
        self._column.addWidget(question)
        before: QWidget = self.main
        for stop in question.stops:
            QWidget.setTabOrder(before, stop)
            before = stop
        self._buttons.hide()
        question.show()
        self.turned.emit()
        focus_in_sight(question.stops[0])

    def end(self) -> None:
        """Show the buttons in place of a question; the focus goes back to where it was."""
        question, self._question = self._question, None
        if question is None:
            return
        here, back = self.window().focusWidget(), self._came_from
        self._buttons.show()
        if here is not None and question.isAncestorOf(here):
            if back is None or not (isValid(back) and back.isVisible() and back.isEnabled()):
                back = first_stop_in(self._buttons) or self.window()
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        question.foot = None
        drop(question)
        self.turned.emit()


class FootAnswer:
    """What becomes of an answer; no Qt object: it may be known once the question is deleted."""

    def __init__(self, question: FootQuestion) -> None:
        self._question = question

    def is_done(self) -> None:
        """End the question, if it is still asked."""
        self._question.close()

    def has_failed(self, warn: Callable[[Exception], object], error: Exception) -> None:
        """Show why the answer failed; ``warn`` tells it once the question is out of sight."""
        if self._question.foot is not None and self._question.isVisible():
            self._question.show_failure(error)
        else:
            warn(error)


class FootQuestion(QWidget):
    """Asks once, in a foot; ``answered`` is emitted for valid input, by the button or by Enter.

    ``fields`` are named by the paths of their values in what is sent. The receiver then calls a
    method of ``answer``; until then it is not emitted again. Escape and the cross close it.
    """

    answered = Signal()

    def __init__(
        self, title: str, word: str, about: str, fields: Mapping[str, Field | MomentField]
    ) -> None:
        """``word`` is the text of the button, ``about`` a sentence above the fields."""
        super().__init__()
        self.foot: FootBar | None = None
        self.answer = FootAnswer(self)
        self.fields = fields
        self._pending = False
        self.setAccessibleName(title)
        name, self.about = WholeLabel(), set_role(WholeLabel(), "soft")
        name.setText(title)
        self.about.setText(about)
        self.trouble = Feedback()
        self.button = HintedButton(word, QKeySequence("Return"))
        self.button.clicked.connect(self._on_answer)
        self.button.keys_work = self._has_focus
        cross = IconButton(self.tr("Close"), "x", self.tr("Close (Esc)"))
        cross.clicked.connect(self.close)
        inside = QWidget()
        column = sized(QVBoxLayout(inside), margins=0, spacing=8)
        for part in (self.about, *fields.values(), self.trouble):
            column.addWidget(part)
        column.addStretch(1)
        self._area = sized(scrolled(inside), least_height=(64, 40))
        self._area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        first, last = sized(QHBoxLayout(), spacing=8), sized(QHBoxLayout(), spacing=8)
        first.addWidget(name, 1)
        first.addWidget(cross)
        last.addStretch(1)
        last.addWidget(self.button)
        whole = sized(QVBoxLayout(self), margins=(8, 0, 0, 0), spacing=8)
        whole.addWidget(self._area)
        whole.addLayout(last)
        whole.insertLayout(0, first)  # Tab reaches it last
        self.stops = tab_stops_in(self)

    def ask(self, foot: FootBar) -> None:
        """Ask in place of the buttons of a ``foot``."""
        self.foot = foot
        foot.ask(self)

    def show_failure(self, error: Exception) -> None:
        """Show why an answer failed, at its field or below the fields, and allow another one."""
        self._pending = False
        wrong = field_errors(error)
        at_fields = [each for each in wrong if each["path"] in self.fields]
        for each in at_fields:
            self.fields[each["path"]].show_error(each["message"])
        if at_fields and at_fields == wrong:
            self.trouble.say("")
            self._show_wrong()
        else:
            self.trouble.say_why(str(error), error)
            bring_into_sight(self._area, self.trouble)

    def close(self) -> bool:
        """End the question, if it is asked."""
        if self.foot is not None:
            self.foot.end()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape; on Enter press the focused button, or answer."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif not press_on_enter(event, self.focusWidget(), self.button):
            super().keyPressEvent(event)

    def _on_answer(self) -> None:
        if self._pending:
            return
        right = [field.check() for field in self.fields.values()]
        if all(right):
            self._pending = True
            self.answered.emit()
        else:
            self._show_wrong()

    def _show_wrong(self) -> None:
        """Scroll to the first field with an error."""
        wrong = [each for each in self.fields.values() if each.error]
        bring_into_sight(self._area, *wrong[:1])

    def _has_focus(self) -> bool:
        here = self.window().focusWidget()
        return here is None or self.isAncestorOf(here)
