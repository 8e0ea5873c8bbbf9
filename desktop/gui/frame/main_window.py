"""The main window: its layout, its keys, and how it opens, hides and closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QMargins, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QSplitter, QVBoxLayout, QWidget

from desktop.gui.frame.closing import Closing
from desktop.gui.frame.input import DropZone, KeyboardKeeper, TextWheel, give_window_keys, paths_of
from desktop.gui.frame.notices.bars import BackendNotice, PracticeBar
from desktop.gui.frame.notices.click_guard import ClickGuard, Pointer
from desktop.gui.frame.notices.notice_bar import NoticeBar, Shelf
from desktop.gui.frame.notices.toasts import Toasts
from desktop.gui.frame.settings_menu import SettingsMenu
from desktop.gui.frame.sheets import OwnSheets, Sheets
from desktop.gui.frame.top_bar import TopBar
from desktop.gui.frame.tray import Tray
from desktop.gui.frame.views import OVERVIEW, Views
from desktop.gui.frame.window_shape import SHARE, SideBySide, WindowParts, WindowState
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.focus_ring import FocusRing
from desktop.gui.kit.widgets.card import ROOM
from desktop.gui.kit.widgets.sheet import ENTER
from desktop.gui.kit.widgets.surfaces import Rule
from desktop.gui.kit.words.states import needing_words
from desktop.gui.tasks.detail.task_detail import DetailRoom

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent

    from desktop.client.api import ApiSource
    from desktop.contract.events import Stats
    from desktop.gui.items.form.preview import PreviewPane
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.reach import Reach
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.mail.mail_settings import MailSettingsSheet
    from desktop.gui.tasks.acting.delivery import Delivery


class MainWindow(QWidget):
    """Lays out its parts; it owns the notice bars, toasts, sheets and the settings menu itself.

    ``quit_requested`` is emitted when the window may end; its creator then ends the program.
    ``files_dropped`` carries the paths of dropped files.
    """

    quit_requested = Signal()
    files_dropped = Signal(object)

    def __init__(
        self,
        parts: WindowParts,
        source: ApiSource,
        jobs: Jobs,
        themes: ThemeSource,
        settings: QSettings,
        reach: Reach,
        delivery: Delivery,
    ) -> None:
        super().__init__()
        self._app = cast("QApplication", QApplication.instance())
        self.themes = themes
        self.parts = parts
        self.settings = settings
        self.reach = reach
        self.delivery = delivery
        self.notices = NoticeBar(themes, reach)
        self.backend_notice = BackendNotice(self.notices, reach)
        self.closing = Closing(self.notices, settings)
        self.practice_bar = PracticeBar(self.notices)
        self.menu = SettingsMenu(themes, self.closing, reach, self)
        self._lay_out()
        self.toasts = Toasts(self, parts.strip, themes)
        parts.strip.carry(self.toasts)
        self.sheets = Sheets(self._work, themes, lambda: self.views.shown, parts.form, self.shelf)
        self.own_sheets = OwnSheets(self.sheets, parts.form, source, jobs)
        self.tray = Tray(self, reach)
        self._ring = FocusRing(self._app, themes, self)
        pointer = Pointer(self)
        pointer.used.connect(self.notices.passing.see)
        self.click_guard = ClickGuard(self._app, self.notices, pointer)
        self.notices.changed.connect(self.click_guard.begin)
        KeyboardKeeper(self._app, self, lambda: [*self.sheets.made, parts.form], self.sheets.home)
        TextWheel(self, themes)
        self._connect()
        self.keys = give_window_keys(
            self, parts, self.top_bar, self.views, self.toasts, self.sheets
        )
        self.addActions(self.menu.shortcuts())
        self._state = WindowState(
            settings,
            {"across": self.across, "down": self.down, "low": self._room, "columns": parts.columns},
        )
        self._title = {"name": "Sendoff", "paused": "", "needing": ""}
        self._entitle()
        self.setWindowIcon(icons.app_icon())
        self.setAcceptDrops(True)
        self.drop_zone = DropZone(self, themes)
        self._open_as_before()

    @property
    def mail_settings(self) -> MailSettingsSheet:
        """The mail settings."""
        return self.own_sheets.mail_settings

    @property
    def preview(self) -> PreviewPane:
        """The preview of the e-mail for the item in the form."""
        return self.own_sheets.preview

    def come_forward(self) -> None:
        """Bring the window to the front, from the tray or when a second one is started."""
        self.closing.come_back()
        self.tray.hide()
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def show_server(self, address: str) -> None:
        """Show the address of the server in the title and the top bar."""
        self._entitle(name=f"Sendoff – {address}")
        self.top_bar.say_where(address)

    def show_stats(self, stats: Stats) -> None:
        """Pass the open tasks to closing and tray; show tasks that need attention in the title."""
        self.closing.set_stats(stats)
        self.tray.say(self.closing.open_tasks)
        self._entitle(needing=" · ".join(needing_words(stats).values()))

    def show_paused(self, words: str) -> None:
        """Show in the title what is paused."""
        self._entitle(paused=words)

    def _entitle(self, **said: str) -> None:
        self._title |= said
        self.setWindowTitle(" · ".join(filter(None, self._title.values())))

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

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Skip widgets that lie under a sheet."""
        return self.sheets.lead(forward) or super().focusNextPrevChild(forward)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files of this computer."""
        if paths_of(event.mimeData()):
            event.acceptProposedAction()
            self.drop_zone.appear()

    def dragLeaveEvent(self, _: QDragLeaveEvent) -> None:
        """Hide the drop zone: the drag left the window or was cancelled."""
        self.drop_zone.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Accept the files and emit their paths."""
        self.drop_zone.hide()
        paths = paths_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of the font; undo *Keep sending* when the window is restored."""
        if event.type() == QEvent.Type.WindowStateChange and not self.isMinimized():
            self.closing.come_back()
        if event.type() == QEvent.Type.FontChange:
            # Not now: Qt is still passing the new font to the widgets.
            QTimer.singleShot(0, self.themes.refresh)
        super().changeEvent(event)

    def remember(self) -> None:
        """Save geometry, splitters and columns."""
        self._room.open()
        self._state.save(self.saveGeometry())

    def _lay_out(self) -> None:
        parts = self.parts
        rows = QWidget()
        _column(rows, parts.table, parts.behind).setStretch(0, 1)
        self.down = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        self.down.addWidget(rows)
        self.down.addWidget(parts.detail)
        self.down.setStretchFactor(0, 1)
        self.views = Views(self.down, parts.table, parts.chips, self.themes)
        self.views.add(OVERVIEW, parts.overview)
        self.switch = self.views.switch
        self._monitor = QWidget()
        self.shelf = Shelf(self.switch)
        _column(self._monitor, self.shelf, self.views).setStretch(1, 1)
        self.across = SideBySide(parts.form, self._monitor, self.themes)
        self._work = QWidget()
        _column(self._work, self.across)
        self.notices.lie_on(self.shelf, self._work)
        self.top_bar = TopBar(self.switch, parts.search, parts.search_menu, self.menu, self.themes)
        whole = _column(self, self.top_bar, Rule(), self._work, Rule(), parts.strip)
        whole.setStretch(2, 1)
        self.across.handle(1).setAccessibleName(self.tr("Width of the form"))
        self.down.handle(1).setAccessibleName(self.tr("Height of the details"))
        self._room = DetailRoom(self.down, parts.detail, parts.table, self.themes)

    def _connect(self) -> None:
        form, strip = self.parts.form, self.parts.strip
        self.top_bar.new_item_chosen.connect(self._on_new_item_chosen)
        form.submit_from(self.sheets.send, self.top_bar, self._monitor, self.notices, strip)
        for other in (self.switch.view_chosen, self.parts.search.text_changed):
            other.connect(self.sheets.uncover)
        self.own_sheets.open_from(self.menu, self.practice_bar, self.notices)
        self.menu.quit_chosen.connect(self._on_wish_to_close)
        self.closing.may_leave.connect(self._on_may_leave)
        self.closing.kept_sending.connect(self._on_kept_sending)
        self.tray.show_chosen.connect(self.come_forward)
        self.tray.quit_chosen.connect(self._on_may_leave)

    def _open_as_before(self) -> None:
        px = self.themes.theme.px
        frame = QMargins(0, 0, px(8), px(40))  # a guess: unknown before it is shown
        room = self.screen().availableSize().shrunkBy(frame)
        self.resize(room.boundedTo(QSize(px(1280), px(800))))
        detail = min(px(ROOM), self.height() // 3)
        side = min(px(292), round(self.width() * SHARE))
        self.across.setSizes([side, self.width() - side])
        self.down.setSizes([self.height() - detail, detail])
        if (geometry := self._state.restore()) is not None:
            self.restoreGeometry(geometry)
        self.parts.form.begin()

    def _on_new_item_chosen(self) -> None:
        """Begin a new item, unless a sheet with unsaved changes stays open."""
        if self.sheets.close_all() and self.across.show_form():
            self.parts.form.begin_new()

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


def _column(widget: QWidget, *parts: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part)
    return column
