"""The tab of a task's summary: what it says, its links, and the facts of its item."""

from __future__ import annotations

import time
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.office import OfficeReason
from desktop.contract.rules.file_names import shown_name
from desktop.contract.rules.templates import heading, labels_in
from desktop.gui.kit.look.appearance import LOOK, in_monospace, px, set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.card import Headline, turn
from desktop.gui.kit.widgets.field import FactLines
from desktop.gui.kit.widgets.texts import (
    ElidedLabel,
    Paragraph,
    WholeLabel,
    give_way,
    tip,
)
from desktop.gui.kit.words.ages import clock, day_and_time, whole_moment
from desktop.gui.kit.words.reasons import reason_words
from desktop.gui.kit.words.states import LOOKS, attempts_words, template_word
from desktop.gui.kit.words.task_row import attempts_of, row_of
from desktop.gui.kit.words.verbs import action_word, carried_out, coming
from desktop.gui.tasks.acting.task_actions import effects, fitting_actions
from desktop.gui.tasks.detail.contents import Opens
from desktop.gui.tasks.detail.explanation import explanation, headline, sent_again
from sendoff_tasks.model.reasons import QUEUE_STOPS
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from desktop.contract.items import Item
    from desktop.contract.office import OfficeTask
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.detail.contents import LinkTarget, TaskRead
    from sendoff_tasks.model.tasks import TaskDetail, TaskRow


_WIDEST: Final = 26
"""Longest text of a link, in characters; the tooltip has all of it."""
STOPPING: Final = QUEUE_STOPS | {OfficeReason.BATCH_PAUSED}
"""Reasons that stop a task along with others; its earlier error is another cause."""
REPEAT, REPEATED = "repeat", "repeated"
ITEM, BATCH, CAUSE, RESULT = "item", "batch", "cause", "result"
translate = QCoreApplication.translate
SIDE: Final = 288
"""Minimum width of the facts beside the words, in units of the grid."""
LINES: Final = 6
"""Maximum number of raw lines; the other tabs have the rest."""
AT_ONCE: Final = 3
"""Number of raw lines that are shown at once."""
_TO_COME: Final = frozenset({State.SCHEDULED, State.QUEUED, State.WAITING})
"""States whose explanation is about the next start; an action of the person replaces it."""
_WHOLE: Final = ("to", "message_id")
"""The facts that are of no use if they are cut."""


class DetailLinks(FactLines):
    """A link for each place; ``chosen`` carries the place's name and the target."""

    chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__(down=2)  # a link is high
        self._leads: dict[str, Any] = {}
        for place, words in self._words().items():
            link = Link("")
            link.clicked.connect(lambda _=False, place=place: self._on_clicked(place))
            self.add(place, words, link)

    def show_task(self, detail: OfficeTask, target: LinkTarget | None) -> None:
        """Show the links of a task; ``target`` is that of its result."""
        self._leads = {
            REPEAT: detail["repeated_by"],
            REPEATED: detail["resend_of"],
            ITEM: detail.get("item_id"),
            BATCH: detail["batch_id"],
            CAUSE: detail["cause"] and (detail["cause"], shared_reason(detail)),
            RESULT: target and detail["result"],
        }
        opens = {
            Opens.PAGE: translate("values", "Open the page"),
            Opens.FILE: translate("values", "Open the file"),
            Opens.FOLDER: translate("values", "Open its folder"),
        }
        said = {
            REPEAT: self._task(detail["repeated_by"]),
            REPEATED: self._task(detail["resend_of"]),
            ITEM: (str(detail.get("item_id")), self.tr("Show the tasks of this item")),
            BATCH: (str(detail["batch_id"]), self.tr("Show the tasks of this batch")),
            CAUSE: (action_word("same_reason"), self.tr("Show the tasks with this reason")),
            RESULT: (_name(target, detail["result"]), opens[target.opens] if target else ""),
        }
        for place, (words, about) in said.items():
            link = self.values[place]
            self.say(place, _cut(words) if self._leads[place] else "")
            link.setToolTip(tip(about if words == _cut(words) else f"{words}\n{about}"))
            link.setAccessibleName(f"{self.names[place].text()}: {words}")
            link.setAccessibleDescription(about)

    def lines(self) -> list[str]:
        """Return the shown links as lines of text, without that to the cause."""
        cause = f"{self.names[CAUSE].text()}: "
        return [each for each in super().lines() if not each.startswith(cause)]

    def _task(self, number: int | None) -> tuple[str, str]:
        """Return the name of a task, and the tooltip of its link."""
        return self.tr("Task {}").format(number), self.tr("Show this task")

    def _words(self) -> dict[str, str]:
        return {
            REPEAT: self.tr("Repeated by"),
            REPEATED: self.tr("Repeats"),  # it may name the first of several repeats
            ITEM: self.tr("Item"),
            BATCH: self.tr("Batch"),
            CAUSE: self.tr("Reason"),
            RESULT: self.tr("Result"),
        }

    def _on_clicked(self, place: str) -> None:
        if self._leads.get(place):
            self.chosen.emit(place, self._leads[place])


def shared_reason(detail: TaskDetail) -> str:
    """Return the reason that a task shares with others: its current stop, or its last error."""
    row = row_of(detail)
    why = reason_words(row, time.time())
    return why if row.reason in STOPPING else row.error or why


def _name(target: LinkTarget | None, result: Any) -> str:
    """Return a short name for a result that can be opened."""
    if target is None:
        return ""
    if target.opens is Opens.PAGE:
        parts = urlsplit(target.where)
        return f"{parts.hostname}{parts.path}".rstrip("/")
    return PurePath(result).name


def _cut(words: str) -> str:
    half = _WIDEST // 2
    return words if len(words) <= _WIDEST else f"{words[:half]}…{words[-half + 1 :]}"


class ItemFacts(FactLines):
    """A line for each fact; long ones, except the recipient, are cut and have a tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, str] = {}

    def show_item(self, item: Item | None, to: str = "") -> None:
        """Show another item, or none; ``to`` is its recipient, if it is to be included."""
        shown = {} if item is None else self._said(item, to)
        if shown == self._shown:
            return
        self._shown = shown
        self.clear()
        for name, value in shown.items():
            self.add(name, name, WholeLabel() if value == to else ElidedLabel())
            self.say(name, value)
        self.setVisible(bool(shown))

    def _said(self, item: Item, to: str) -> dict[str, str]:
        fields, labels = item["fields"] or {}, labels_in(item.get("headings", {}))
        said = {self.tr("To"): to, self.tr("Cc"): item.get("cc", "")}
        said |= {self.tr("Bcc"): item.get("bcc", ""), self.tr("Title"): item["title"] or ""}
        said[self.tr("Attachments")] = ", ".join(map(shown_name, item.get("attachments", ())))
        if item["template"]:
            said[self.tr("Template")] = template_word(item["template"])
        for name, value in fields.items():
            label = field_title(labels.get(name, name))
            said[str(name) if label in said else label] = field_text(value)
        return {name: value for name, value in said.items() if value}


def field_title(name: str) -> str:
    """Return the title of a field."""
    note = QCoreApplication.translate("ItemFacts", "Note")
    return note if name == "note" else heading(str(name))


def field_text(value: Any) -> str:
    """Return a field's value on one line."""
    if isinstance(value, list):
        return ", ".join(map(field_text, value))
    return "" if value is None else " ".join(str(value).split())


class DetailEvidence(QWidget):
    """Shows the effects of the buttons, the known facts of a hand-over, and *Copy Message-ID*.

    Nothing is cut: in a narrow window the facts take more lines, and the button has its own.
    """

    def __init__(self, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__()
        self._rights, self._pending = rights, pending
        self.facts = FactLines(down=2)
        names = {
            "what": self.tr("Handed over"),
            "when": self.tr("When"),
            "to": self.tr("To"),
            "message_id": self.tr("Message-ID"),
        }
        for key, name in names.items():
            self.facts.add(key, name, WholeLabel())
        self.copy = Link(self.tr("Copy Message-ID"))
        self.copy.clicked.connect(self._on_copy)
        self.facts.grid.addWidget(self.copy, len(names), 1, Qt.AlignmentFlag.AlignLeft)
        self.effects = set_role(Paragraph(), "soft")
        column = sized(QVBoxLayout(self), margins=0, spacing=8)
        column.addWidget(self.effects)
        column.addWidget(self.facts)

    def show_evidence(self, row: Row, detail: OfficeTask) -> None:
        """Show a task's hand-over; lines of unknown facts are hidden."""
        said = dict.fromkeys(self.facts.names, "")
        if (handed_over := detail["handed_over"]) is not None:
            said = {
                "what": handed_over["what"],
                "when": day_and_time(epoch(handed_over["at"]) or 0.0, time.time(), seconds=True),
                "to": handed_over["to"],
                "message_id": detail["reference"] or "",
            }
        self.facts.names["to"].setText(self.tr("Server") if row.is_mail else self.tr("To"))
        for key, words in said.items():
            self.facts.say(key, words)
        self.copy.setVisible(bool(said["message_id"]))
        self.show_effects(row)

    def show_effects(self, row: Row) -> None:
        """Show the effects of the current buttons."""
        actions = fitting_actions([row], self._rights, self._pending)
        self.effects.setText("\n".join(effects(actions)))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.facts.values["message_id"].text())


class DetailSummary(QScrollArea):
    """Shows one task; ``refresh`` updates texts that change with time (*again in 40 s*).

    Of the words of servers and functions it shows the last ones, and all behind ``details``.
    ``state_said`` carries the headline and the token of its colour, for the other tabs.
    An e-mail that was sent at once shows no log, attempts or Message-ID; *Copy* has the last two.
    """

    state_said = Signal(str, str)

    def __init__(self, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__()
        self._pending = pending
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._may_act = rights.may_change
        self._row: Row | None = None
        self.headline = Headline()
        self.explanation = _words()
        self.again = _words()
        self._of_item: Sequence[TaskRow] = ()
        self._lacks: Sequence[str] = ()
        self._template = ""
        self.lines = set_role(in_monospace(_words()), "soft")
        self._raw: list[str] = []
        self._shows_all = False
        self.details = Link(self.tr("Details"))
        self.details.clicked.connect(self._on_details)
        self.evidence = DetailEvidence(rights, pending)
        self._lay_out()
        LOOK.changed.connect(self._place_side)

    def show_row(self, row: Row) -> None:
        """Show the current state of the task."""
        if self._row is None or self._row.id != row.id:
            self._lacks = ()
            self._shows_all = False
        self._row = row
        facts = self.facts.values
        facts["to"].setText(row.to or "–")
        facts["accepted"].setToolTip(whole_moment(row.created))
        facts["attempts"].setText(attempts_words(row) or "–")
        unsure = row.state == State.UNCERTAIN
        self.evidence.setVisible(unsure)
        self.evidence.show_effects(row)
        self.refresh()

    def show_detail(self, row: Row, read: TaskRead) -> None:
        """Show the task with its details."""
        detail = read.task
        self.show_row(row)
        self._lacks, self._template = detail.get("lacks", []), detail.get("template") or ""
        self.links.show_task(detail, read.target)
        went_well = row.is_mail and row.state == State.SUCCEEDED and row.attempt <= 1
        self._raw = [] if went_well else self._beside_the_explanation(raw_lines(row, detail))
        self.refresh()
        self.evidence.show_evidence(row, detail)
        facts = self.facts.values
        facts["message_id"].setText((detail["reference"] or "–").strip("<>"))
        shown = {key: row.is_mail or facts[key].text() != "–" for key in facts}
        shown |= {"attempts": not went_well, "message_id": shown["message_id"] and not went_well}
        for key, is_shown in shown.items():
            self.facts.show_line(key, is_shown)

    def show_item(self, item: Item | None) -> None:
        """Show the item of the task, and repeats of its message."""
        self._of_item = item["tasks"] if item is not None else ()
        self.item.show_item(item)
        self.refresh()

    def refresh(self) -> None:
        """Update the texts that change with time."""
        if self._row is None:
            return
        now = time.time()
        again = sent_again(self._row, self._of_item, now)
        may_act = self._may_act and not self._row.is_repeated
        lacks, template = self._lacks, self._template
        started = self._pending.of(self._row)
        first = headline(self._row, now, lacks=lacks)
        said = explanation(self._row, now, may_act=may_act, lacks=lacks, template=template)
        is_replaced = started is not None and self._row.state in _TO_COME
        if started is not None:
            said = "" if is_replaced else first
            undoable = translate("verbs", "{}, unless you press Undo.")
            undoable = undoable.format(coming(started.worded_as))
            first = carried_out(started.worded_as) if started.is_due else undoable
        look = LOOKS[self._row.look]
        self.headline.say(first, look.icon, look.token)
        self.state_said.emit(first, look.token)
        for label, words in (
            (self.explanation, said),
            (self.again, again),
            (self.facts.values["accepted"], day_and_time(self._row.created, now, seconds=True)),
        ):
            if label.text() != words:
                label.setText(words)
        for label in (self.explanation, self.again):
            label.setVisible(bool(label.text()))
        has_lines = not is_replaced and self._row.state != State.UNCERTAIN
        shown = self._raw if self._shows_all else self._raw[-AT_ONCE:]
        self.lines.setText("\n".join(shown))
        self.lines.setVisible(bool(shown) and has_lines)
        self.details.setVisible(len(self._raw) > len(shown) and has_lines)

    def text(self) -> str:
        """Return the whole summary as text, to be copied."""
        unsure = self._row is not None and self._row.state == State.UNCERTAIN
        lines = "" if self.lines.isHidden() else "\n".join(self._raw)
        behind = "\n".join(self.evidence.facts.lines()) if unsure else lines
        told = [each for part in (self.links, self.facts, self.item) for each in part.lines()]
        above = [self.headline.text(), self.explanation.text(), self.again.text()]
        return "\n".join([*filter(None, above), "", behind, "", *told])

    def _on_details(self) -> None:
        self._shows_all = True
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the facts below the words if they do not fit side by side."""
        super().resizeEvent(event)
        self._place_side()

    def _place_side(self) -> None:
        room = self.width()
        beside = room >= 2.5 * px(SIDE)
        turn(self._columns, beside=beside)
        self._columns.setStretch(0, int(beside))
        self._columns.setStretch(1, int(not beside))
        width = max(px(SIDE), min(px(440), room // 3))
        self.side.setMinimumWidth(width if beside else 0)
        self.side.setMaximumWidth(width if beside else room)

    def _beside_the_explanation(self, lines: list[str]) -> list[str]:
        """Drop a single line that only repeats the error in the explanation."""
        said = "" if self._row is None else self._row.error or ""
        told = f"{self.headline.text()}\n{self.explanation.text()}"
        repeats = len(lines) == 1 and said and said in told and lines[0].endswith(said)
        return [] if repeats else lines

    def _lay_out(self) -> None:
        body = QWidget()
        body.setProperty("area", "clear")
        self.setWidget(body)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        sized(self._columns, margins=(16, (14, 3), 16, 12), spacing=32)
        words = sized(QVBoxLayout(), spacing=8)
        for said in (self.headline, self.explanation, self.again):
            words.addWidget(said)
        words.addWidget(self.lines)
        words.addWidget(self.details, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self.evidence)
        words.addStretch(1)
        self._columns.addLayout(words, 1)
        self.side = QWidget()
        lines = sized(QVBoxLayout(self.side), margins=0, spacing=3)  # links are high
        self.links, self.facts, self.item = DetailLinks(), FactLines(), ItemFacts()
        titles = {
            "to": self.tr("To"),
            "accepted": self.tr("Added"),
            "attempts": self.tr("Attempts"),
            "message_id": self.tr("Message-ID"),
        }
        for key, title in titles.items():
            self.facts.add(key, title, WholeLabel() if key in _WHOLE else ElidedLabel())
        for part in (self.links, self.facts, self.item):
            lines.addWidget(part)
        lines.addStretch(1)
        self._columns.addWidget(self.side)


def raw_lines(row: Row, detail: OfficeTask) -> list[str]:
    """Return the last raw lines: errors of the attempts, or else the log of the last one."""
    errors = [
        f"{_to_the_second(epoch(each['finished_at'] or each['started_at']) or 0.0)} "
        f"{translate('DetailSummary', 'attempt {}').format(each['attempt'])} {each['error']}"
        for each in attempts_of(detail)
        if each["error"]
    ]
    if row.state in {State.FAILED, *_TO_COME} and errors:
        return errors[-LINES:]
    last = [line for line in detail["log"] if line["attempt"] == row.attempt]
    return [f"{clock(epoch(line['at']) or 0.0)} {line['text']}" for line in last[-LINES:]]


def _to_the_second(moment: float) -> str:
    return day_and_time(moment, time.time(), seconds=True)


def _words() -> QLabel:
    """Make a label with selectable text that may shrink below its longest word."""
    label = Paragraph()
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    give_way(label)
    return label
