"""The sheet *Who did what*: what people asked for, with a filter and an export."""

from __future__ import annotations

import time
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.gui.frame.exports import tell_saved
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.lists.live_rows import Cell, KeysetModel, Page
from desktop.gui.kit.lists.searched_list import PAGE, SearchedListSheet
from desktop.gui.kit.look import icons
from desktop.gui.kit.widgets.buttons import ActionButton
from desktop.gui.kit.widgets.files import file_dialog
from desktop.gui.kit.words.ages import since
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.table import WORDS
from desktop.gui.link.jobs import Asker, Job
from sendoff_tasks.model.times import epoch
from sendoff_tasks.words.acts import act_words, asked_acts

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import ApiSource
    from sendoff_tasks.model.acts import Act

FITS: Final = {
    0: ColumnFit(320, least=200),
    1: ColumnFit(200, least=120),
    2: ColumnFit(80, whole=True, leaves=1),
    3: ColumnFit(110, whole=True),
}


class ActsModel(KeysetModel):
    """Who asked for what, the newest first."""

    def __init__(self, source: ApiSource) -> None:
        super().__init__(source, "id")
        named = self.tr("What"), self.tr("Who"), self.tr("Tasks"), self.tr("When")
        self.titles = dict(enumerate(named))
        self.figures = (2, 3)

    def find(self, typed: str) -> None:
        """Show the acts that the typed words mean."""
        asked = asked_acts(WORDS, typed.split(), time.time())

        def read(api: Api, after: str | None) -> Page:
            page = api.acts(asked, after, PAGE)
            more = page["next"]
            return Page(page["acts"], None if more is None else str(more))

        self.show(read)

    def cell(self, position: int, column: int) -> Cell:
        """Return the content of a cell."""
        act: Act = self.rows[position]
        moment = epoch(act["at"]) or 0.0
        cells = (
            Cell(act_words(WORDS, act), "text", is_name=True),
            Cell(act["who"] or "–", "text"),
            Cell(figure(act["count"]) if act["count"] else "", is_figure=True),
            Cell(since(moment, time.time()), is_figure=True, moment=moment),
        )
        return cells[column]


class ActsSheet(SearchedListSheet):
    """Shows the acts; *Export…* saves those that are found."""

    def __init__(self, source: ApiSource, host: QWidget) -> None:
        hint = self.tr("Name, verb or task number; since:7d")
        super().__init__(host, 1100, ActsModel(source), FITS, 0, self.tr("Who did what"), hint)
        self.search.setAccessibleName(self.tr("Filter"))
        self.export = ActionButton(self.tr("Export…"))
        self.export.setToolTip(self.tr("Save what is found as a table"))
        icons.put(self.export, "file-down", "text")
        self.tools.addWidget(self.export)
        self.tools.addStretch(1)
        self.model.shown.connect(self._on_shown)

    def focus_first(self) -> None:
        """Focus the filter."""
        self.search.setFocus()

    def _on_shown(self) -> None:
        typed, is_empty = self.search.text().strip(), not self.model.rowCount()
        nothing = self.tr("Nothing found.") if typed else self.tr("Nobody has asked for anything.")
        self.trouble.say(nothing if is_empty else "")


class ActSheets(QObject):
    """Opens the sheet, and saves what it finds."""

    def __init__(self, window: MainWindow, source: ApiSource) -> None:
        super().__init__(window)
        self._window, self._source = window, source
        self._ask = Asker(source, lambda error: window.toasts.warn(error_sentence(error)))
        window.menu.acts_chosen.connect(lambda: self.sheet.open())

    @cached_property
    def sheet(self) -> ActsSheet:
        """The sheet, made when first needed."""
        sheet = self._window.sheets.make(partial(ActsSheet, self._source))
        sheet.export.clicked.connect(self._ask_where)
        return sheet

    def _ask_where(self) -> None:
        dialog = file_dialog(self.sheet, self.tr("Export"), "log.csv")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("*.csv")
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.open()

    def save(self, place: Path) -> None:
        """Save the acts that are found as CSV."""
        asked = asked_acts(WORDS, self.sheet.search.text().split(), time.time())

        def write(api: Api) -> None:
            with place.open("wb") as file:
                api.export_acts(asked, file)

        saved = self.tr("Saved: {}").format(place.name)
        self._ask(lambda api: Job(write, api).then(lambda _: self._on_saved(saved, place)))

    def _on_saved(self, saved: str, place: Path) -> None:
        tell_saved(self._window.toasts, saved, place)
