"""The sheet of the e-mails that came back: shown first, then marked as bounced."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.contract.do_not_send import BounceMatch
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.lists.live_rows import Cell, LiveRows
from desktop.gui.kit.look.appearance import in_role
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.texts import Feedback, Paragraph
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.reasons import meaning_of
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api
    from desktop.contract.do_not_send import BouncedTask
    from desktop.contract.office import OfficeTask


translate = QCoreApplication.translate
CERTAIN: Final = frozenset({BounceMatch.MESSAGE_ID, BounceMatch.ADDRESS})
_FOUND: Final[dict[str, Any]] = {
    BounceMatch.MESSAGE_ID: QT_TRANSLATE_NOOP("bounces", "It came back"),
    BounceMatch.ADDRESS: QT_TRANSLATE_NOOP("bounces", "The only e-mail to this address"),
    BounceMatch.ASK: QT_TRANSLATE_NOOP("bounces", "Which e-mail is it?"),
    BounceMatch.NONE: QT_TRANSLATE_NOOP("bounces", "No e-mail to this address in five days before"),
    BounceMatch.KNOWN: QT_TRANSLATE_NOOP("bounces", "Marked before"),
}


class ReadFiles(NamedTuple):
    """What the files have: bounces as rows, the tasks that may be meant, and other messages."""

    rows: list[dict[str, Any]]
    tasks: dict[int, OfficeTask]
    others: int


def read_bounces(api: Api, *, paths: Sequence[str]) -> ReadFiles:
    """Have the backend read files, and read the tasks among which a person chooses."""
    rows: dict[str, dict[str, Any]] = {}
    others = 0
    for path in paths:
        found = api.do_not_send.bounces(Path(path))
        others += found["others"]
        for each in found["bounces"]:
            rows.setdefault(f"{each['address']} {each['tasks']}", {**each, "chosen": None})
    for name, row in rows.items():
        row["name"] = name
        if row["match"] in CERTAIN:
            row["chosen"] = row["tasks"][0]
    asked = (
        each for row in rows.values() if row["match"] == BounceMatch.ASK for each in row["tasks"]
    )
    tasks = {each["task_id"]: api.task(each["task_id"]) for each in asked}
    return ReadFiles([*rows.values()], tasks, others)


class BouncesModel(LiveRows):
    """The addresses of bounces."""

    def __init__(self) -> None:
        super().__init__("name")
        self.titles = {0: self.tr("Address"), 1: self.tr("Found"), 2: self.tr("What was said")}

    def cell(self, position: int, column: int) -> Cell:
        """Return the content of a cell."""
        row = self.rows[position]
        if column == 0:
            return Cell(row["address"], "text", is_name=True)
        if column == 1:
            is_asked = row["match"] == BounceMatch.ASK
            if is_asked and row["chosen"] is not None:
                return Cell(self.tr("Task {}").format(row["chosen"]["task_id"]), "text")
            words = translate("bounces", _FOUND[row["match"]])
            return Cell(words, "waiting" if is_asked else "text")
        said = row["tasks"][0]["said"] if row["tasks"] else ""
        return Cell(meaning_of(said) or said)


class BouncesSheet(Sheet):
    """Shows what came back; ``marked`` carries the messages to mark."""

    marked = Signal(object)

    def __init__(self, host: QWidget) -> None:
        super().__init__(760, host)
        self.set_title(self.tr("Returned e-mails"))
        self.words = in_role(Paragraph(), "soft")
        self.model = BouncesModel()
        self.model.setParent(self)
        fits = {0: ColumnFit(220, least=180), 1: ColumnFit(200, least=150), 2: ColumnFit(260)}
        self.table = ListTable(self.model, self.tr("Returned e-mails"), fits)
        self.table.row_chosen.connect(self._show_choice)
        self.which = Choice(self.tr("Which e-mail came back"))
        self.which.chosen.connect(self._on_which)
        self.trouble = Feedback()
        self._tasks: dict[int, OfficeTask] = {}
        for part in (self.words, self.trouble):
            self.body.addWidget(part)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.which)
        self.mark = self.add_default("", self._on_mark)

    def show_reading(self) -> None:
        """Say that files are being read."""
        self._show(ReadFiles([], {}, 0), self.tr("The e-mails are being read…"))

    def show_found(self, found: ReadFiles) -> None:
        """Show what files have."""
        kinds = Counter(row["match"] for row in found.rows)
        said = [self.tr("%Ln addresses came back.", None, len(found.rows))] if found.rows else []
        if asked := kinds[BounceMatch.ASK]:
            said.append(self.tr("Of %Ln it is not certain which e-mail.", None, asked))
        if found.others:
            said.append(self.tr("%Ln other messages are not returned e-mails.", None, found.others))
        self._show(found, " ".join(said))

    def show_failure(self, sentence: str) -> None:
        """Say why a file could not be read."""
        self._show(ReadFiles([], {}, 0), "")
        self.trouble.say(sentence, "error")

    def focus_first(self) -> None:
        """Focus the table."""
        self.table.setFocus()

    def _show(self, found: ReadFiles, words: str) -> None:
        self.trouble.say("")
        self.words.setText(words)
        self._tasks = found.tasks
        self.model.replace(0, len(self.model.rows), found.rows)
        self._count()
        if found.rows:
            self.table.selectRow(0)
        self._show_choice()

    def _chosen(self) -> list[BouncedTask]:
        return [row["chosen"] for row in self.model.rows if row["chosen"] is not None]

    def _count(self) -> None:
        count = len(self._chosen())
        self.mark.setText(self.tr("Mark %Ln as bounced", None, count))
        self.mark.setEnabled(count > 0)

    def _show_choice(self) -> None:
        row = self.table.current()
        is_asked = row is not None and row["match"] == BounceMatch.ASK
        self.which.setVisible(is_asked)
        if row is None or not is_asked:
            return
        now, choices = time.time(), [("", self.tr("None of these"))]
        for each in row["tasks"]:
            task = self._tasks[each["task_id"]]
            words = self.tr("Task {number}, {title}, to {to}, sent {when}")
            when = day_and_time(epoch(task["finished_at"]) or now, now)
            told = {"title": task["title"], "to": task["to"], "when": when}
            choices.append((str(task["id"]), words.format(number=task["id"], **told)))
        self.which.set_choices(choices)
        self.which.set_value("" if row["chosen"] is None else str(row["chosen"]["task_id"]))

    def _on_which(self, number: str) -> None:
        position = self.table.currentIndex().row()
        row = self.model.row_at(position)
        if row is not None:
            chosen = (each for each in row["tasks"] if str(each["task_id"]) == number)
            self.model.put(position, {**row, "chosen": next(chosen, None)})
            self._count()

    def _on_mark(self) -> None:
        if chosen := self._chosen():
            self.close()
            self.marked.emit(chosen)
