"""The main window: its layout, its keys, and how it opens, hides and closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QMargins, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.gui.frame.cases import Cases
from desktop.gui.frame.closing import Closing, ClosingSheet
from desktop.gui.frame.form_column import SideBySide
from desktop.gui.frame.input import (
    ClickGuard,
    KeyboardKeeper,
    Pointer,
    give_window_keys,
)
from desktop.gui.frame.notices.notice_bar import NoticeBar
from desktop.gui.frame.notices.toasts import Toasts, ToastShelf
from desktop.gui.frame.notifications import Tray
from desktop.gui.frame.sheets import Sheets
from desktop.gui.frame.shelf import Shelf
from desktop.gui.frame.top_bar import SettingsMenu, TopBar
from desktop.gui.frame.views import Views
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.focus_ring import FocusRing
from desktop.gui.kit.widgets.files import FileDrops
from desktop.gui.kit.widgets.sheet import ENTER
from desktop.gui.kit.widgets.surfaces import Rule, stacked
from desktop.gui.kit.words.states import needing_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QByteArray, QSettings
    from PySide6.QtGui import (
        QCloseEvent,
        QKeyEvent,
        QShowEvent,
    )
    from PySide6.QtWidgets import QLineEdit

    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.form_column import FormColumn, SavedPart
    from desktop.gui.frame.notices.toasts import Toast
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.rights import WindowRights


MAIL_FILES: Final = (".eml", ".mbox", ".mbx", ".emlx", ".msg")
"""How the names of files of e-mails end; an ``.msg`` is named as what cannot be read."""


class MainWindow(QWidget):
    """Holds a form at the left and the views beside it; the rooms add what they show.

    It owns the cases, notices, toasts, sheets and the settings menu. ``quit_requested`` is
    emitted when the window may end; its creator then ends the program. ``files_dropped`` carries
    the paths of dropped files, ``mails_dropped`` of e-mails; ``search_wanted`` asks to search.
    """

    quit_requested = Signal()
    files_dropped = Signal(object)
    mails_dropped = Signal(object)
    search_wanted = Signal()

    def __init__(
        self,
        form: FormColumn,
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
        self.notices = NoticeBar()
        self.closing = Closing(self, settings, lambda: self.sheets.make(ClosingSheet))
        self.menu = SettingsMenu(themes, self.closing, rights, self)
        self.foot = ToastShelf()
        self._lay_out(search)
        self.toasts = Toasts(self, self.foot)
        self.toasts.height_needed.connect(self.foot.take_height)
        self.sheets = Sheets(self._work, lambda: self.views.shown, form, self.shelf)
        self.tray = Tray(self, rights)
        self._ring = FocusRing(self._app, self)
        self.click_guard = ClickGuard(self._app, self._work, self.pointer)
        for change in (self.notices.changed, self.shelf.moving):
            change.connect(self.click_guard.begin)
        KeyboardKeeper(self._app, self, lambda: [*self.sheets.made, form], self.sheets.home)
        self._connect()
        self.keys = give_window_keys(self)
        self.addActions(self.menu.shortcuts())
        self._saved_parts: dict[str, SavedPart] = {}
        self._size_told: Toast | None = None
        self.panes: Sequence[QWidget] = ()
        """The parts that F6 reaches, beside the form and the view."""
        self._title = {"name": "Sendoff", "paused": "", "needing": ""}
        self._entitle()
        self.setWindowIcon(icons.app_icon())
        words = self.tr("Drop to import, or to see which e-mails came back")
        self.drop_zone = FileDrops(self, words, self._on_files).zone
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
        if self.sheets.close_all() and self.closing.leave():
            return True
        self.come_forward()
        return False

    def show_server(self, address: str) -> None:
        """Show the address of the server in the title and the top bar."""
        self._entitle(name=f"Sendoff – {address}")
        self.top_bar.say_always(server=address)

    def show_stats(self, stats: OfficeStats) -> None:
        """Pass the open tasks to closing and tray; show tasks that need attention in the title."""
        practice = self.tr("Practice") if stats.get("practice") else ""
        self.top_bar.say_always(practice=practice)
        self.closing.set_stats(stats)
        self.tray.say(self.closing.open_tasks)
        self._entitle(needing=" · ".join(needing_words(stats).values()))

    def show_paused(self, words: str) -> None:
        """Show in the title what is paused."""
        self._entitle(paused=words)

    def _entitle(self, **said: str) -> None:
        self._title |= said
        self.setWindowTitle(" · ".join(filter(None, self._title.values())))

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the view if there is no room for the form beside it."""
        super().showEvent(event)
        if self.across.is_folded:
            self.views.shown.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave, hide, or ask; never hold up the end of the desktop session."""
        if self._app.isSavingSession():
            self.quit_requested.emit()
            return
        event.ignore()
        self._on_wish_to_close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the focused button; on Escape do the first of these that applies.

        Close a sheet, refuse a question, reduce the selection, fold the form, close a toast.
        """
        if event.key() in ENTER and isinstance(focus := self.focusWidget(), QPushButton):
            if not event.isAutoRepeat():
                focus.click()
        elif event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        else:
            ways = self.sheets.close_one, self.notices.refuse, self.views.select_less
            if not any(way() for way in (*ways, self.across.close_form)):
                self.toasts.close_newest()

    def _on_files(self, paths: list[str]) -> None:
        """Tell e-mails, which may be returned ones, from other files."""
        mails = [each for each in paths if each.lower().endswith(MAIL_FILES)]
        if mails:
            self.mails_dropped.emit(mails)
        if others := [each for each in paths if each not in mails]:
            self.files_dropped.emit(others)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Skip widgets that lie under a sheet."""
        return self.sheets.lead(forward) or super().focusNextPrevChild(forward)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of the font; undo *Close, keep sending* when the window is restored."""
        if event.type() == QEvent.Type.WindowStateChange and not self.isMinimized():
            self.closing.come_back()
        if event.type() == QEvent.Type.FontChange:
            # Not now: Qt is still passing the new font to the widgets.
            QTimer.singleShot(0, self.themes.refresh)
        super().changeEvent(event)

    def remember(self) -> None:
        """Save geometry, splitters and columns."""
        self.settings.setValue("window/geometry", self.saveGeometry())
        for name, part in self._saved_parts.items():
            self.settings.setValue(f"window/{name}", part.saveState())

    def open_as_before(self, kept: Mapping[str, SavedPart]) -> None:
        """Take the size of the last window, and give the ``kept`` parts their states.

        The first views are there by now: Tab reaches the line at the foot after them.
        """
        self._whole.addWidget(self.foot)
        self._saved_parts = {"across": self.across, **kept}
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
        self.resize(room.boundedTo(QSize(px(1280), px(800))))

    def _lay_out(self, search: QLineEdit) -> None:
        self.views = Views()
        self.switch = self.views.switch
        self.monitor = QWidget()
        self.pointer = Pointer(self)
        self.shelf = Shelf(self.pointer)
        self.head = stacked(self.monitor, self.shelf, self.views, filling=self.views)
        self._work = QWidget()
        self.across = SideBySide(self.form, self.monitor, self._work, self.shelf)
        stacked(self._work, self.across)
        self.notices.lie_on(self.shelf, self._work)
        self.top_bar = TopBar(self.switch, search, self.menu)
        self._whole = stacked(self, self.top_bar, Rule(), self._work, filling=self._work)
        self.across.handle(1).setAccessibleName(self.tr("Width of the form"))

    def _connect(self) -> None:
        self.top_bar.new_item_chosen.connect(self._on_new_item_chosen)
        self.switch.view_chosen.connect(self.sheets.uncover)
        self.switch.view_chosen.connect(self.across.uncover)
        self.menu.quit_chosen.connect(self._on_wish_to_close)
        laid_out = QTimer(self, singleShot=True, interval=0)  # as the themes lay it out first
        laid_out.timeout.connect(self._tell_text_size)
        self.menu.text_size_chosen.connect(laid_out.start)
        self.closing.may_leave.connect(self._on_may_leave)
        self.closing.kept_sending.connect(self._on_kept_sending)
        self.tray.show_chosen.connect(self.come_forward)
        self.tray.quit_chosen.connect(self._on_may_leave)

    def _tell_text_size(self) -> None:
        """Say how large the text is, and where the form is if there is no room for it."""
        self.toasts.close(self._size_told)
        words = self.tr("Text size {} %").format(self.themes.text_size)
        if self.across.is_folded:
            words = f"{words}\n{self.tr('The form is folded away: + opens it')}"
        self._size_told = self.toasts.show(words, icon="info")

    def _on_new_item_chosen(self) -> None:
        """Begin a new item, or go on with one that was folded away.

        A sheet with unsaved changes stays open.
        """
        was_folded = self.across.is_folded
        if self.sheets.close_all() and self.across.show_form():
            (self.form.begin if was_folded else self.form.begin_new)()

    def _on_wish_to_close(self) -> None:
        """Close the sheets first: unsaved changes need an answer, and a sheet may cover the bar."""
        if self.sheets.close_all():
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
