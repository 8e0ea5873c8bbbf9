"""The dialog of addresses that were refused, or whose e-mails came back, before that is noted."""

from __future__ import annotations

import time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QCoreApplication, Signal

from desktop.contract.do_not_send import CERTAIN, BounceMatch
from desktop.gui.kit.lists.live_rows import Cell, LiveRows
from desktop.gui.kit.lists.stock_table import Share, StockTable
from desktop.gui.kit.look.appearance import set_role
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.dialog import Dialog
from desktop.gui.kit.widgets.texts import Feedback, Paragraph
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.do_not_send import reason_word, server_words
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.reasons import meaning_of
from desktop.gui.kit.words.table import say
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtWidgets import QWidget

    from desktop.client.api import Api
    from desktop.contract.do_not_send import FoundBounces, RefusedAddress
    from desktop.contract.office import OfficeTask

    FoundRow = dict[str, Any]

translate = QCoreApplication.translate


class ReturnedFiles(NamedTuple):
    """What files of e-mails have, the tasks that may be meant, and why files were not read."""

    files: list[FoundBounces]
    tasks: dict[int, OfficeTask]
    unread: list[str]


def read_bounces(api: Api, *, paths: Sequence[str]) -> ReturnedFiles:
    """Have the backend read files."""
    files: list[FoundBounces] = []
    unread: list[str] = []
    for path in map(Path, paths):
        try:
            files.append(api.do_not_send.bounces(path))
        except (Refused, OSError) as error:
            unread.append(f"{path.name}: {error_sentence(error)}")
    asked = (each for file in files for each in file["bounces"] if each["match"] == BounceMatch.ASK)
    meant = {task["task_id"]: api.task(task["task_id"]) for b in asked for task in b["tasks"]}
    return ReturnedFiles(files, meant, unread)


def refused_rows(refused: Iterable[RefusedAddress]) -> list[FoundRow]:
    """Return the rows of addresses that were refused for good."""
    return [
        {
            "name": each["address"],
            "address": each["address"],
            "found": reason_word(each["reason"]),
            "said": server_words(each["source"]),
            "chosen": each,
            "choices": {},
        }
        for each in refused
    ]


def bounce_rows(read: ReturnedFiles) -> list[FoundRow]:
    """Return the rows of bounces; of those that are not certain, with the messages to choose."""
    rows: dict[str, FoundRow] = {}
    for number, each in enumerate(chain.from_iterable(file["bounces"] for file in read.files)):
        match, meant = each["match"], each["tasks"]
        is_asked = match == BounceMatch.ASK
        said = meant[0]["said"] if meant else ""
        name = f"{each['address']} {number if is_asked else meant}"
        is_certain = match in CERTAIN
        choices = {
            str(task["task_id"]): (_task_words(read.tasks[task["task_id"]]), task)
            for task in meant
            if is_asked
        }
        rows[name] = {
            "name": name,
            "address": each["address"],
            "found": say("bounce", match),
            "said": meaning_of(said) or said,
            "chosen": meant[0] if is_certain else None,
            "choices": choices,
        }
    return [*rows.values()]


def _task_words(task: OfficeTask) -> str:
    now = time.time()
    when = day_and_time(epoch(task["finished_at"]) or now, now)
    title, to = task["title"], task["to"]
    return say("bounces", "task", number=task["id"], title=title, to=to, when=when)


class FoundModel(LiveRows):
    """The addresses, and what was found."""

    def __init__(self) -> None:
        super().__init__("name")
        self.titles = {0: self.tr("Address"), 1: self.tr("Found"), 2: self.tr("What was said")}

    def cell(self, position: int, column: int) -> Cell:
        """Return the content of a cell."""
        row = self.rows[position]
        if column == 0:
            return Cell(row["address"], "text")
        if column == 2:
            return Cell(row["said"])
        if row["choices"] and row["chosen"] is not None:
            return Cell(self.tr("Task {}").format(row["chosen"]["task_id"]), "text")
        return Cell(row["found"], "waiting" if row["choices"] else "text")


class FoundDialog(Dialog):
    """Shows addresses; ``confirmed`` carries what is chosen, which ``button`` counts in words."""

    confirmed = Signal(object)

    def __init__(self, title: str, button: Callable[[int], str], parent: QWidget) -> None:
        super().__init__(title, 760, parent, 480)
        self._button = button
        self.words = set_role(Paragraph(), "soft")
        self.trouble = Feedback()
        self.model = FoundModel()
        self.model.setParent(self)
        shares = {0: Share(0.3, 260), 1: Share(0.3, 260)}
        self.table = StockTable(self.model, title, 2, shares)
        self.table.row_chosen.connect(self._show_choice)
        self.which = Choice(self.tr("Which e-mail came back"))
        self.which.chosen.connect(self._on_which)
        for part in (self.words, self.trouble):
            self.body.addWidget(part)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.which)
        self.confirm = self.add_default(button(0), self._on_confirm)

    def show_rows(self, words: str, rows: Sequence[FoundRow] = (), trouble: str = "") -> None:
        """Show rows under a sentence; the first that is asked about is selected."""
        self.trouble.say(trouble, "error")
        self.words.setText(words)
        self.model.replace(0, len(self.model.rows), rows)
        self._count()
        if rows:
            asked = (at for at, row in enumerate(rows) if row["choices"])
            self.table.selectRow(next(asked, 0))
        self._show_choice()
        self.open()

    def focus_first(self) -> None:
        """Focus the table."""
        self.table.setFocus()

    def chosen(self) -> list[Any]:
        """Return what is chosen."""
        return [row["chosen"] for row in self.model.rows if row["chosen"] is not None]

    def _count(self) -> None:
        count = len(self.chosen())
        self.confirm.setText(self._button(count))
        self.confirm.setVisible(count > 0)

    def _show_choice(self) -> None:
        row = self.table.current()
        choices = {} if row is None else row["choices"]
        self.which.setVisible(bool(choices))
        if row is not None and choices:
            named = [(key, words) for key, (words, _) in choices.items()]
            self.which.set_choices([("", self.tr("None of these")), *named])
            chosen = row["chosen"]
            self.which.set_value("" if chosen is None else str(chosen["task_id"]))

    def _on_which(self, number: str) -> None:
        position = self.table.currentIndex().row()
        row = self.model.row_at(position)
        if row is not None:
            _, chosen = row["choices"].get(number, ("", None))
            self.model.put(position, {**row, "chosen": chosen})
            self._count()

    def _on_confirm(self) -> None:
        if chosen := self.chosen():
            self.close()
            self.confirmed.emit(chosen)
