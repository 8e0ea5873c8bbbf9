"""The main window: its layout, its keys, and how it opens, hides and closes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QMargins, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.gui.frame.cases import Cases
from desktop.gui.frame.closing import Closing
from desktop.gui.frame.desk import Desk, StateLine
from desktop.gui.frame.dialogs import Dialogs
from desktop.gui.frame.drops import take_files
from desktop.gui.frame.halves import Halves
from desktop.gui.frame.head import SettingsMenu, WindowHead
from desktop.gui.frame.input import (
    ClickGuard,
    KeyboardKeeper,
    Pointer,
    give_window_keys,
)
from desktop.gui.frame.notes import NoteLine
from desktop.gui.frame.notifications import Tray
from desktop.gui.frame.pins import NEW, PinnedRow, Pins
from desktop.gui.frame.places import Places
from desktop.gui.frame.starts import StartTimes
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.buttons import ENTER, INSIDE, give_key, is_plain
from desktop.gui.kit.widgets.files import FileDrops
from desktop.gui.kit.widgets.surfaces import Rule, scroll_around, stacked, tab_stops_in
from desktop.gui.kit.words.states import needing_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QByteArray, QSettings
    from PySide6.QtGui import (
        QCloseEvent,
        QKeyEvent,
        QResizeEvent,
    )
    from PySide6.QtWidgets import QLineEdit

    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.desk import DeskForm
    from desktop.gui.frame.halves import SavedPart
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.kit.lists.row_table import RowTable
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.rights import WindowRights


STOPPED: Final = 13
"""The last rank of a sentence that is said above a place: all is stopped or paused."""


class MainWindow(QWidget):
    """Holds the tasks and the places, and beside them the desk; the rooms add what they show.

    It owns the cases, the notes, dialogs and the settings menu. ``quit_requested`` is
    emitted when the window may end; its creator then ends the program. ``planned`` tells that
    e-mails were planned for later. ``files_dropped`` carries the paths of dropped files,
    ``mails_dropped`` of e-mails; ``pasted`` carries cells copied from a spreadsheet.
    """

    quit_requested = Signal()
    planned = Signal()
    files_dropped = Signal(object)
    mails_dropped = Signal(object)
    pasted = Signal(str)

    def __init__(
        self,
        form: DeskForm,
        search: QLineEdit,
        themes: ThemeSource,
        settings: QSettings,
        rights: WindowRights,
    ) -> None:
        super().__init__()
        self._app = cast("QApplication", QApplication.instance())
        self.themes = themes
        self.settings = settings
        self.rights = rights
        self.form = form
        self.cases = Cases(self)
        self.closing = Closing(self, settings)
        self.menu = SettingsMenu(themes, self.closing, rights, self)
        self.starts = StartTimes(self)
        self.notes = NoteLine(self.starts)
        self._lay_out(search)
        self.dialogs = Dialogs(self._work)
        self.tray = Tray(self, rights, self.menu.pause)
        self.click_guard = ClickGuard(self._app, self, self.pointer)
        self.notes.changing.connect(self.click_guard.begin)
        KeyboardKeeper(self._app, self, self._where_one_types, lambda: self.places.rows)
        self._connect()
        self.keys = give_window_keys(self)
        self.addActions(self.menu.shortcuts())
        self._saved_parts: dict[str, SavedPart] = {}
        self._size_told: WindowNote | None = None
        self._said = 0, ""
        self._title = {"name": "Sendoff", "paused": "", "needing": ""}
        self._entitle()
        self.setWindowIcon(icons.app_icon())
        words = self.tr("Drop to import, or to see which e-mails came back")
        FileDrops(self, words, self._on_files)
        self._take_usual_size()

    def come_forward(self) -> None:
        """Bring the window to the front, from the tray or when a second one is started."""
        self.closing.come_back()
        self.tray.hide()
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def leave(self) -> bool:
        """Leave as another program or an update wishes; ``False`` if the person is asked first."""
        if self._close_all() and self.closing.leave():
            return True
        self.come_forward()
        return False

    def show_server(self, address: str) -> None:
        """Show the address of the server in the title and the top bar."""
        self._entitle(name=f"Sendoff – {address}")
        self.head.say_always(server=address)

    def show_stats(self, stats: OfficeStats) -> None:
        """Pass the open tasks to closing and tray; show tasks that need attention in the title."""
        practice = self.tr("Practice") if stats.get("practice") else ""
        self.head.say_always(practice=practice)
        self.closing.set_stats(stats)
        self.tray.say(self.closing.open_tasks)
        self._entitle(needing=" · ".join(needing_words(stats).values()))

    def show_paused(self, words: str) -> None:
        """Show in the title what is paused."""
        self._entitle(paused=words)

    def _entitle(self, **said: str) -> None:
        self._title |= said
        self.setWindowTitle(" · ".join(filter(None, self._title.values())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make bars and rows less high in a low window, and pins fewer."""
        super().resizeEvent(event)
        self.themes.follow_height(self.height())
        self.pins.follow_height(self.height())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave, hide, or ask; never hold up the end of the desktop session."""
        if self._app.isSavingSession():
            self.quit_requested.emit()
            return
        event.ignore()
        self._on_wish_to_close()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802
        """Scroll to what Tab reaches: Qt does so only from one part of a scroll area to another."""
        is_moved = super().focusNextPrevChild(is_next)
        here = self.focusWidget()
        if here is not None and (around := scroll_around(here)) is not None:
            around.ensureWidgetVisible(here)
        return is_moved

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the focused button; on Escape do the first of these that applies.

        Go back to the list, leave the place, clear the search, show the form, put a
        note away.
        """
        if event.key() in ENTER and isinstance(focus := self.focusWidget(), QPushButton):
            if not event.isAutoRepeat() and is_plain(event):
                focus.click()
        elif event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        else:
            first = (self.go_back, self.places.leave)
            if not any(way() for way in (*first, self._clear_search, self._show_form)):
                self.notes.put_away()

    def go_back(self) -> bool:
        """Go back from the desk to the list; tell whether the focus was on the desk."""
        if not self.desk.has_focus() and not (self.halves.is_narrow and self.desk.isVisible()):
            return False
        self.show_rows()
        return True

    def leave_desk_or_place(self) -> None:
        """Go back from the desk to the list, or from a place."""
        _ = self.go_back() or self.places.leave()

    def show_rows(self) -> None:
        """Move the focus to the list, which is shown in a narrow window."""
        self.halves.show_desk(shown=False)
        self.places.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_tasks(self, page: QWidget) -> None:
        """Go home, to the rows; the desk shows their ``page``, unless it shows the form."""
        self.places.go_home()
        self.show_rows()
        if self.desk.shown.page is not self.form:
            self.desk.show_page(page)

    def begin_search(self) -> None:
        """Focus the search of the place, or else that of the tasks."""
        place = self.places.shown
        field = None if place is None else place.search
        if field is None:
            self.places.go_home()
        (field or self._search).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def enter_desk(self, page: QWidget) -> None:
        """Show a mode of the desk by its page, and focus it; a narrow window hides the list."""
        self.click_guard.begin()  # a double click must not press what is there now
        self.desk.show_page(page)
        self.halves.show_desk()
        self._mark_pin()
        self.desk.shown.begin()

    def lead_to_desk(self, table: RowTable, page: QWidget) -> None:
        """Let the desk show a page while a person goes through the rows of a table.

        In a narrow window, only a click shows it in place of them: arrows lead from row to row.
        """

        def on_clicked() -> None:
            if self.halves.is_narrow and not QGuiApplication.keyboardModifiers():
                self.enter_desk(page)

        table.picked.connect(lambda: self.pins.choose(None))
        table.picked.connect(lambda: self.desk.show_page(page))
        table.clicked.connect(lambda _: on_clicked())

    def pin_form(self) -> None:
        """Pin the form, with the name that is typed in it."""
        show = partial(self.desk.show_page, self.form)
        begin = partial(self.enter_desk, self.form)
        words = self.tr("New item")
        self.pins.put(NEW, [PinnedRow(NEW, words, self.form.typed_name(), "plus", show, begin)])

    def _mark_pin(self) -> None:
        """Mark the pin of the form while that is shown."""
        self.pins.choose(NEW if self.desk.shown.page is self.form else None)

    def _on_pin_entered(self, by_click: bool) -> None:
        if not by_click or self.halves.is_narrow:
            page, key = self.desk.shown.page, self.pins.chosen_key
            self.enter_desk(page)
            self.pins.choose(key)

    def _clear_search(self) -> bool:
        has_text = bool(self._search.text())
        self._search.clear()
        return has_text

    def _show_form(self) -> bool:
        """Show the form that another mode of the desk has hidden; tell whether one had."""
        is_hidden = self.form in self.desk.modes and self.desk.shown.page is not self.form
        if is_hidden:
            self.desk.show_page(self.form)
        return is_hidden

    def _on_files(self, paths: list[str]) -> None:
        """Take dropped files, or attach them where the place takes some."""
        place = self.places.shown
        take_files(self, paths, place.attaches() if place is not None else None)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of the font; undo *Close, keep sending* when the window is restored."""
        if event.type() == QEvent.Type.WindowStateChange and not self.isMinimized():
            self.closing.come_back()
        if event.type() == QEvent.Type.FontChange:
            # Not now: Qt is still passing the new font to the widgets.
            QTimer.singleShot(0, self.themes.refresh)
        super().changeEvent(event)

    def _place_notes(self) -> None:
        """Put the notes below the list: the desk stays as it is; or below the desk alone."""
        is_alone = self.halves.is_narrow and not self._left.isVisible()
        column = self._column if is_alone else self._left_column
        column.addWidget(self.notes.line)

    def say_state(self, rank: int, words: str) -> None:
        """Say the sentence of a rank where its pane is out of sight."""
        self._said = rank, words
        self.desk.state.say(rank, words)
        self._on_place()

    def _on_place(self) -> None:
        """Say above a place what stops everything."""
        rank, words = self._said
        self.state.say(0 if self.places.shown is None else rank, words)

    def remember(self) -> None:
        """Save geometry, splitters and columns."""
        self.settings.setValue("window/geometry", self.saveGeometry())
        for name, part in self._saved_parts.items():
            self.settings.setValue(f"window/{name}", part.saveState())

    def begin_with(self, page: QWidget, rows: QWidget) -> None:
        """List the tasks: their ``page`` comes first in Tab order."""
        words = self.tr("Paste rows of a spreadsheet")
        give_key(page, QKeySequence.StandardKey.Paste, words, self._paste, INSIDE)
        stops = tab_stops_in(page)
        self._home.addWidget(page, 1)
        self.places.begin(rows, stops)

    def open_as_before(self, kept: Mapping[str, SavedPart]) -> None:
        """Take the size of the last window, and give the ``kept`` parts their states.

        The tasks are there by now: Tab reaches the desk after them, then the line at the
        foot.
        """
        self.halves.add_desk()
        soon = QTimer(self, singleShot=True, interval=0)  # not while it is laid out
        soon.timeout.connect(self._place_notes)
        self.halves.turned.connect(soon.start)
        self._place_notes()
        self._saved_parts = {"halves": self.halves, **kept}
        for name, part in self._saved_parts.items():
            if (state := self._saved(name)) is not None:
                part.restoreState(state)
        if (geometry := self._saved("geometry")) is not None:
            self.restoreGeometry(geometry)
        self.form.begin()

    def _saved(self, name: str) -> QByteArray | None:
        return cast("QByteArray | None", self.settings.value(f"window/{name}"))

    def _take_usual_size(self) -> None:
        px = LOOK.theme.px
        frame = QMargins(0, 0, px(8), px(40))  # a guess: unknown before it is shown
        room = self.screen().availableSize().shrunkBy(frame)
        self.resize(room.boundedTo(QSize(px(1440), px(900))))

    def _lay_out(self, search: QLineEdit) -> None:
        self._search = search
        self.head = WindowHead(search, self.menu)
        self.monitor = QWidget()
        self.desk = Desk()
        self.pins = Pins()
        self.pointer = Pointer(self)
        self.shelf = QWidget()  # of what stands above the tasks
        self.above = stacked(self.shelf)
        self._home = stacked(self.monitor, self.head, Rule(), self.shelf)
        self.places = Places(self.monitor, self.desk)
        self.state = StateLine(STOPPED)
        self._left = QWidget()
        self._left_column = stacked(self._left, self.state, self.places, filling=self.places)
        self.halves = self.places.halves = Halves(self._left, self.desk)
        self.desk.follow(self.halves)
        self._work = QWidget()
        stacked(self._work, self.halves)
        self._column = stacked(self, self._work, filling=self._work)

    def _connect(self) -> None:
        self.head.always_said.connect(self.desk.always.setText)
        self.form.wanted.connect(lambda: self.enter_desk(self.form))
        self.form.changed.connect(self.pin_form)
        self.desk.turned.connect(self._mark_pin)
        self.pins.entered.connect(self._on_pin_entered)
        self.desk.back_chosen.connect(self.show_rows)
        self.places.currentChanged.connect(lambda _: self._on_place())
        self.menu.quit_chosen.connect(self._on_wish_to_close)
        laid_out = QTimer(self, singleShot=True, interval=0)  # as the themes lay it out first
        laid_out.timeout.connect(self._tell_text_size)
        self.menu.text_size_chosen.connect(laid_out.start)
        self.closing.may_leave.connect(self._on_may_leave)
        self.closing.kept_sending.connect(self._on_kept_sending)
        self.tray.show_chosen.connect(self.come_forward)
        self.tray.quit_chosen.connect(self._on_may_leave)

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if "\t" in text or "\n" in text.strip():
            self.pasted.emit(text)

    def _tell_text_size(self) -> None:
        """Say how large the text is."""
        self.notes.close(self._size_told)
        words = self.tr("Text size {} %").format(self.themes.text_size)
        self._size_told = self.notes.show(words, icon="info")

    def begin_item(self) -> None:
        """Begin a new item, or go on with one that was hidden.

        A dialog with unsaved changes stays open.
        """
        was_seen = self.form.isVisibleTo(self)
        if self._close_all():
            self.enter_desk(self.form)
            if was_seen:
                self.form.begin_new()

    def _close_all(self) -> bool:
        """Close the dialogs and leave the place; ``False`` if a dialog asks about its changes."""
        if not self.dialogs.close_all():
            return False
        self.places.go_home()
        return True

    def _where_one_types(self) -> list[QWidget]:
        place = self.places.shown
        return [self.form, *([place.mode.page, place] if place else [])]

    def _on_wish_to_close(self) -> None:
        """Close the dialogs first: unsaved changes need an answer."""
        if self._close_all():
            self.closing.ask()
        if self.isMinimized() and self.closing.is_asking:
            self.come_forward()

    def _on_may_leave(self) -> None:
        self.remember()
        self.tray.hide()
        self.hide()
        self.quit_requested.emit()

    def _on_kept_sending(self) -> None:
        self.remember()
        if self.tray.is_available():
            self.tray.show(self.closing.open_tasks)
            self.hide()
        else:
            self.showMinimized()
