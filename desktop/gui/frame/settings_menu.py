"""The settings menu, under the gear button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, NORMAL_SIZE
from desktop.gui.kit.look.theme import Appearance

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.frame.closing import Closing
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.rights import WindowRights


class SettingsMenu(QMenu):
    """The menu of rare actions; each entry emits a signal, except the appearance.

    ``export`` and ``remove`` act on the shown rows; the code that knows the view hides ``remove``.
    """

    mail_settings_chosen = Signal()
    templates_chosen = Signal()
    retention_chosen = Signal()
    export_chosen = Signal()
    remove_chosen = Signal()
    run_chosen = Signal()
    schedules_chosen = Signal()
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
        self._icons: dict[QAction, str] = {}
        mail = self._add("mail", self.tr("Mail settings…"), self.mail_settings_chosen.emit)
        mail.setShortcut(QKeySequence("Ctrl+,"))
        templates = self._add("file-text", self.tr("Templates…"), self.templates_chosen.emit)
        templates.setShortcut(QKeySequence("Ctrl+T"))
        words = self.tr("How long things are kept…")
        self.retention = self._add("calendar-clock", words, self.retention_chosen.emit)
        self.export = self._add(
            "file-down", self.tr("Export these tasks…"), self.export_chosen.emit
        )
        self.export.setShortcut(QKeySequence("Ctrl+Shift+E"))
        self.remove = self._add(
            "trash-2", self.tr("Remove finished tasks…"), self.remove_chosen.emit
        )
        self._run = self._add("play", self.tr("Run a task…"), self.run_chosen.emit)
        self._run.setShortcut(QKeySequence("Ctrl+R"))
        back = self._add("chevron-left", self.tr("This computer"), self.this_computer_chosen.emit)
        back.setVisible(not rights.has_files)
        self._add_for_developers()
        self._of_mail = (mail, templates)
        self.addSeparator()
        self._add_appearance()
        self._ask_again = self._add(
            "circle-help", self.tr("Ask again when closing with open tasks"), closing.forget
        )
        self.addSeparator()
        helping = self._add("circle-help", self.tr("Help"), self.help_chosen.emit)
        helping.setShortcut(QKeySequence("F1"))
        self._add("info", self.tr("About Sendoff…"), self.about_chosen.emit)
        self.addSeparator()
        leave = self._add("log-out", self.tr("Quit"), self.quit_chosen.emit)
        leave.setShortcut(QKeySequence("Ctrl+Q"))
        self.aboutToShow.connect(self._on_about_to_show)

    def hide_mail(self) -> None:
        """Hide the entries about e-mail, with their shortcuts."""
        for action in self._of_mail:
            action.setVisible(False)

    def hide_changes(self) -> None:
        """Hide the entries that change something, with their shortcuts."""
        for action in (*self._of_mail, self.retention, self.remove, self._run):
            action.setVisible(False)

    def shortcuts(self) -> list[QAction]:
        """Return the entries with shortcuts, which work while the menu is closed."""
        menus = (self, self.appearance, self.for_developers)
        whole = [action for menu in menus for action in menu.actions()]
        return [action for action in whole if not action.shortcut().isEmpty()]

    def _add(self, icon: str, text: str, chosen: object, menu: QMenu | None = None) -> QAction:
        action = (menu or self).addAction(text)
        action.triggered.connect(chosen)
        self._icons[action] = icon
        return action

    def _add_for_developers(self) -> None:
        menu = QMenu(self.tr("For developers"), self)
        self.addMenu(menu)
        self._icons[menu.menuAction()] = "ellipsis"
        self._add("calendar-clock", self.tr("Schedules…"), self.schedules_chosen.emit, menu)
        opening = self._add("folder-open", self.tr("Open a server…"), self.open_chosen.emit, menu)
        opening.setShortcut(QKeySequence("Ctrl+Shift+O"))
        self.for_developers = menu

    def _add_appearance(self) -> None:
        words = {
            Appearance.SYSTEM: self.tr("Follow the system"),
            Appearance.LIGHT: self.tr("Light"),
            Appearance.DARK: self.tr("Dark"),
        }
        menu = QMenu(self.tr("Appearance"), self)
        self.addMenu(menu)
        self._icons[menu.menuAction()] = "sun"
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

    def _on_about_to_show(self) -> None:
        self._ask_again.setVisible(self._closing.choice != "ask")
        theme = LOOK.theme
        for action, icon in self._icons.items():
            action.setIcon(icons.qicon(icon, theme.color("soft text"), theme))
        icons.tick(self.appearance, theme)
