"""The head of the left half: the search, an import, a fixed word, the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, NORMAL_SIZE, set_role, sized
from desktop.gui.kit.look.theme import Appearance
from desktop.gui.kit.widgets.buttons import IconButton
from desktop.gui.kit.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from desktop.gui.frame.closing import Closing
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.rights import WindowRights


PAUSE_KEYS = "Ctrl+Shift+P"
SEARCH: Final = 160
"""Minimum width of the search, in units of the grid."""


class WindowHead(QWidget):
    """The search, *Import…*, the fixed word that says what is so all the time, and the menu.

    ``always_said`` carries another fixed word.
    """

    import_chosen = Signal()
    always_said = Signal(str)

    def __init__(self, search: QLineEdit, menu: QMenu) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.importing = QPushButton(self.tr("Import…"))
        self.importing.setToolTip(self.tr("Send a spreadsheet: one e-mail a row (Ctrl+O)"))
        self.importing.clicked.connect(self.import_chosen)
        icons.put(self.importing, "file-up", "text")
        self.gear = IconButton(self.tr("Settings"), "settings", width=36)
        self.gear.setMenu(menu)
        self._always = {"practice": "", "access": "", "server": ""}
        self.always = set_role(ElidedLabel(), "heading")
        self.always.hide()
        row = sized(QHBoxLayout(self), margins=(12, 0, 12, 0), spacing=8)
        for each in (sized(search, least_width=SEARCH), self.importing, self.always, self.gear):
            row.addWidget(each)
        row.setStretchFactor(search, 1)
        sized(self, height=(48, 38))

    def say_always(self, **said: str) -> None:
        """Say what is so all the time: ``practice``, ``access`` or ``server``."""
        self._always |= said
        words = " · ".join(filter(None, self._always.values()))
        self.always.setText(words)
        self.always.setVisible(bool(words))
        self.always_said.emit(words)


class SettingsMenu(QMenu):
    """The menu of rare actions, under the gear; each entry emits a signal, except the appearance.

    ``export`` and ``remove`` act on the shown rows; the code that knows the view hides ``remove``.
    """

    text_size_chosen = Signal()
    mail_settings_chosen = Signal()
    templates_chosen = Signal()
    list_chosen = Signal()
    sheets_chosen = Signal()
    older_chosen = Signal()
    retention_chosen = Signal()
    export_chosen = Signal()
    remove_chosen = Signal()
    page_chosen = Signal()
    pause_chosen = Signal()
    resume_chosen = Signal()
    open_chosen = Signal()
    this_computer_chosen = Signal()
    help_chosen = Signal()
    about_chosen = Signal()
    quit_chosen = Signal()

    def __init__(
        self, themes: ThemeSource, closing: Closing, rights: WindowRights, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._closing = closing
        self._is_paused = False
        self.pause = self._add("pause", "", self._on_pause_chosen, PAUSE_KEYS)
        self.show_paused(False)
        self.through = self._add("mail", "", self.mail_settings_chosen)
        self.through.setEnabled(False)
        self.through.setVisible(False)
        mail = self._add("mail", self.tr("Mail settings…"), self.mail_settings_chosen, "Ctrl+,")
        templates = self._add("file-text", self.tr("Letters"), self.templates_chosen, "Ctrl+T")
        sheets = self._add("list", self.tr("Spreadsheets"), self.sheets_chosen)
        older = self._add("inbox", self.tr("Older items"), self.older_chosen)
        listed = self._add("mail-x", self.tr("Do not send…"), self.list_chosen)
        words = self.tr("How long things are kept…")
        self.retention = self._add("calendar-clock", words, self.retention_chosen)
        self.export = self._add(
            "file-down", self.tr("Export these tasks…"), self.export_chosen, "Ctrl+Shift+E"
        )
        self.remove = self._add("trash-2", self.tr("Remove finished tasks…"), self.remove_chosen)
        self._add("link", self.tr("Open the page"), self.page_chosen)
        words = self.tr("Open a server…")
        self._add("folder-open", words, self.open_chosen, "Ctrl+Shift+O")
        back = self._add("chevron-left", self.tr("This computer"), self.this_computer_chosen)
        back.setVisible(not rights.has_files)
        self._of_mail = (mail, templates, listed)
        self._places = (sheets, older)
        self.addSeparator()
        self._add_appearance()
        self.awake = self.addAction(self.tr("Keep this computer awake while sending"))
        self.at_login = self.addAction(self.tr("Open Sendoff when this computer starts"))
        for choice in (self.awake, self.at_login):  # until it is known that they can be made
            choice.setCheckable(True)
            choice.setVisible(False)
        self._ask_again = self._add(
            "circle-help", self.tr("Ask again when closing with open tasks"), closing.forget
        )
        self.addSeparator()
        self._add("circle-help", self.tr("Help"), self.help_chosen, "F1")
        self._add("info", self.tr("About Sendoff…"), self.about_chosen)
        self.addSeparator()
        self._add("log-out", self.tr("Quit"), self.quit_chosen, "Ctrl+Q")
        self.aboutToShow.connect(self._on_about_to_show)

    def hide_mail(self) -> None:
        """Hide the entries about e-mail, with their shortcuts."""
        for action in (*self._of_mail, *self._places):
            action.setVisible(False)

    def show_paused(self, is_paused: bool) -> None:
        """Offer to resume if everything is paused, or else to pause."""
        self._is_paused = is_paused
        self.pause.setText(self.tr("Resume sending") if is_paused else self.tr("Pause sending"))
        icons.give(self.pause, "play" if is_paused else "pause")

    def say_through(self, host: str) -> None:
        """Say through which server e-mails are really sent; empty in practice."""
        self.through.setText(self.tr("Through {}").format(host))
        self.through.setVisible(bool(host))

    def hide_changes(self) -> None:
        """Hide the entries that change something, with their shortcuts."""
        for action in (self.pause, *self._of_mail, self.retention, self.remove):
            action.setVisible(False)

    def shortcuts(self) -> list[QAction]:
        """Return the entries with shortcuts, which work while the menu is closed."""
        whole = [*self.actions(), *self.appearance.actions()]
        return [action for action in whole if not action.shortcut().isEmpty()]

    def _add(self, icon: str, text: str, chosen: object, keys: str = "") -> QAction:
        action = self.addAction(text)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(chosen)
        icons.give(action, icon)
        return action

    def _add_appearance(self) -> None:
        words = {
            Appearance.SYSTEM: self.tr("Follow the system"),
            Appearance.LIGHT: self.tr("Light"),
            Appearance.DARK: self.tr("Dark"),
        }
        menu = QMenu(self.tr("Appearance"), self)
        self.addMenu(menu)
        icons.give(menu.menuAction(), "sun")
        group = QActionGroup(menu)
        for appearance, text in words.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(appearance is self._themes.appearance)
            action.triggered.connect(lambda _on, a=appearance: self._themes.choose(a))
            group.addAction(action)
        menu.addSeparator()
        self._add_text_sizes(menu)
        self.appearance = menu

    def _add_text_sizes(self, menu: QMenu) -> None:
        themes = self._themes
        sizes = (
            (self.tr("Larger text"), ("Ctrl++", "Ctrl+="), lambda: themes.enlarge(1)),
            (self.tr("Smaller text"), ("Ctrl+-",), lambda: themes.enlarge(-1)),
            (self.tr("Normal text"), ("Ctrl+0",), lambda: themes.set_text_size(NORMAL_SIZE)),
        )
        for words, keys, change in sizes:
            action = menu.addAction(words)
            action.setShortcuts([QKeySequence(each) for each in keys])
            action.triggered.connect(change)
            action.triggered.connect(self.text_size_chosen)

    def _on_pause_chosen(self) -> None:
        (self.resume_chosen if self._is_paused else self.pause_chosen).emit()

    def _on_about_to_show(self) -> None:
        self._ask_again.setVisible(self._closing.choice != "ask")
        for menu in (self, self.appearance):
            icons.tick(menu, LOOK.theme)
