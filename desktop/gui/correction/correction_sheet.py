"""The correction of one item after the other: what it was, what it is to be, and send it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.states import OPEN, State
from desktop.gui.correction.correction_form import CorrectionForm
from desktop.gui.parts.buttons import HintedButton
from desktop.gui.parts.moment import MomentField
from desktop.gui.parts.question import FootQuestion
from desktop.gui.parts.surfaces import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.contract.items import ItemDetail, NewItem, Version
    from desktop.contract.problems import Problem
    from desktop.contract.tasks import TaskDetail
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

EMAIL = "recipient.email"


class CorrectionSheet(Sheet):
    """Shows one item at a time, as :meth:`show_item` is told.

    ``save_requested`` carries ``{"item_id", "item", "send"}`` and the time of a task that is
    scheduled, if that was changed, as ``{"task_id", "run_at"}``; it is answered by another item,
    by :meth:`show_problem` or :meth:`show_trouble`. ``next_requested`` leaves one as it is.
    """

    save_requested = Signal(object)
    next_requested = Signal()

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(420, host, themes)
        self._item: ItemDetail | None = None
        self._task: TaskDetail | None = None
        self._saving = False
        self.place = QLabel()
        self.place.setProperty("role", "soft")
        self.why = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.form = CorrectionForm()
        self.send_at = MomentField(self.tr("Send at"), "", themes, optional=False)
        self.before = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.before.setProperty("role", "soft")
        self.trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.trouble.setProperty("role", "error")
        self._lay_out()

    def show_item(self, item: ItemDetail, task: TaskDetail, place: int = 1, among: int = 1) -> None:
        """Show an item by one of its tasks, the ``place``-th of ``among`` to be corrected."""
        self._item, self._task, self._saving = item, task, False
        self.set_title(self.tr("Correct item {}").format(item["item_id"]))
        self.place.setText(self.tr("{} of {}").format(place, among))
        self.place.setVisible(among > 1)
        self.skip_button.setVisible(among > 1)
        self.why.setText(_why(task))
        self.why.setVisible(bool(self.why.text()))
        self.form.show_item(item["item"])
        scheduled = task["state"] == State.SCHEDULED
        self.send_at.setVisible(scheduled)
        self.send_at.set_moment(task["run_at"] or "" if scheduled else "")
        self.before.setText("\n".join(self._earlier(item["versions"], item["item"])))
        self.before.setVisible(bool(self.before.text()))
        self.send_button.setVisible(State(task["state"]) not in OPEN)
        self._say("")
        if self.isVisible():
            self.form.focus_first(EMAIL)

    def show_problem(self, problem: Problem) -> None:
        """Put the API's errors at their fields, and its sentence above the buttons."""
        loose = [
            error["message"]
            for error in problem.get("errors", [])
            if not self.form.show_error(error)
        ]
        if not problem.get("errors"):
            loose.append(problem["detail"])
        self.show_trouble("\n".join(loose))

    def show_trouble(self, sentence: str) -> None:
        """Say why the correction was not saved."""
        self._saving = False
        self._say(sentence)

    def close(self) -> bool:
        """Close, or ask first what becomes of unsaved changes; tells whether it is closed."""
        if self.isHidden() or self._saving or not self.has_changes():
            self.question.end()
            return super().close()
        answers: list[tuple[str, Callable[[], object] | None]] = [
            (self.tr("Keep editing"), None),
            (self.tr("Discard"), self._discard),
            (self.tr("Save"), lambda: self._save(send=False)),
        ]
        self.question.ask(self.tr("There are changes that are not saved."), answers)
        return False

    def has_changes(self) -> bool:
        """Tell whether anything is not as it was saved."""
        return self.form.has_changes() or bool(self._new_time())

    def focus_first(self) -> None:
        """Begin at the address."""
        if EMAIL in self.form.fields:
            self.form.focus_first(EMAIL)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        px = theme.px
        self.body.setContentsMargins(0, 0, 0, 0)
        self._column.setContentsMargins(px(20), px(4), px(20), px(8))
        self._column.setSpacing(px(12))
        self._row.setSpacing(px(8))
        self.form.dress(theme)
        self.question.dress(theme)

    def _lay_out(self) -> None:
        asked = QWidget()
        asked.setProperty("area", "clear")
        self._column = QVBoxLayout(asked)
        for part in (self.place, self.why, self.form, self.send_at, self.trouble, self.before):
            self._column.addWidget(part)
        self._column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(asked)
        self.body.addWidget(scroll)
        self.skip_button = QPushButton(self.tr("Skip"))
        self.save_button = QPushButton(self.tr("Save"))
        keys = QKeySequence("Return")
        self.send_button = HintedButton(self.tr("Save and send"), keys, self._themes)
        buttons = QWidget()
        self._row = QHBoxLayout(buttons)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        for button in (self.skip_button, self.save_button, self.send_button):
            self._row.addWidget(button)
        self.question = FootQuestion(buttons)
        self.foot.addWidget(buttons)
        self.foot.addWidget(self.question)
        self.skip_button.clicked.connect(self.next_requested)
        self.save_button.clicked.connect(lambda: self._save(send=False))
        self.send_button.clicked.connect(lambda: self._save(send=True))
        for sequence in ("Return", "Enter", "Ctrl+Return"):
            shortcut = QShortcut(
                QKeySequence(sequence), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            shortcut.activated.connect(self._on_enter)

    def _on_enter(self) -> None:
        focus = self.focusWidget()
        if isinstance(focus, QPushButton):
            focus.click()
        else:
            self._save(send=not self.send_button.isHidden())

    def _save(self, *, send: bool) -> None:
        right = self.form.check()
        if self._saving or self._item is None or not right or not self._is_time_right():
            return
        self._saving = True
        self._say("")
        wanted: dict[str, Any] = {
            "item_id": self._item["item_id"],
            "item": self.form.body(),
            "send": send,
        }
        self.save_requested.emit(wanted | self._new_time())

    def _is_time_right(self) -> bool:
        return not self._new_time() or self.send_at.check()

    def _new_time(self) -> dict[str, Any]:
        """Return the time a scheduled task is to start at, where it was changed."""
        task = self._task
        if task is None or task["state"] != State.SCHEDULED or task["run_at"] is None:
            return {}
        before = QDateTime.fromString(task["run_at"], Qt.DateFormat.ISODateWithMs)
        after = QDateTime.fromString(self.send_at.moment(), Qt.DateFormat.ISODateWithMs)
        if abs(before.secsTo(after)) < 60:  # the field shows minutes
            return {}
        return {"task_id": task["id"], "run_at": self.send_at.moment()}

    def _earlier(self, versions: Sequence[Version], now: NewItem) -> list[str]:
        """Say what each version had that the next one changed."""
        lines, later = [], _said(now)
        for version in versions:
            said = _said(version["item"])
            changed = [text for path, text in said.items() if later.get(path) != text and text]
            when = QDateTime.fromString(version["at"], Qt.DateFormat.ISODateWithMs).toLocalTime()
            shown = QLocale().toString(when, QLocale.FormatType.ShortFormat)
            lines.append(self.tr("Since {time}: {was}").format(time=shown, was=", ".join(changed)))
            later = said
        return [self.tr("Before this"), *lines] if lines else []

    def _discard(self) -> None:
        if self._item is not None and self._task is not None:
            self.form.show_item(self._item["item"])
            self.send_at.set_moment(self._task["run_at"] or "")
        super().close()

    def _say(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))


def _why(task: TaskDetail) -> str:
    """Return what the server said of the message, where it refused it."""
    return task["error"] or "" if task["state"] in {State.FAILED, State.UNCERTAIN} else ""


def _said(item: NewItem) -> dict[str, str]:
    recipient = item.get("recipient")
    said = {"title": item.get("title", "")}
    if recipient:
        said |= {"name": recipient.get("name", ""), "email": recipient["email"]}
    return said | {str(key): f"{key}: {value}" for key, value in (item.get("fields") or {}).items()}
