"""Opens the help and *About*, which are made when first needed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

if TYPE_CHECKING:
    from desktop.contract.events import Stats
    from desktop.gui.actions.backend.live import Live
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.help.about_sheet import AboutSheet
    from desktop.gui.help.help_sheet import HelpSheet
    from desktop.gui.look.appearance import ThemeSource
    from desktop.settings.paths import DataFolder


class HelpSheets(QObject):
    """Opens the help and *About*, opens the folders in *About*, and copies its bug report."""

    def __init__(
        self, window: MainWindow, live: Live, data: DataFolder, themes: ThemeSource
    ) -> None:
        super().__init__(window)
        self._window = window
        self._data = data
        self._themes = themes
        self._counts: dict[str, int] = {}
        self.help: HelpSheet | None = None
        self.about: AboutSheet | None = None
        live.stats_changed.connect(self._on_stats)
        window.menu.help_chosen.connect(self.open_help)
        window.menu.about_chosen.connect(self.open_about)

    def open_help(self) -> None:
        """Open the help."""
        # Imported here, as below: rarely needed, and the import would delay the window's start.
        from desktop.gui.help.help_sheet import HelpSheet

        self.help = self.help or self._window.sheets.make(HelpSheet)
        self.help.open()

    def open_about(self) -> None:
        """Open *About*: versions, folders and licences."""
        from desktop.gui.help.about_sheet import AboutSheet

        if self.about is None:
            folders = [("root", self.tr("Data")), ("logs", self.tr("Logs"))]
            if not self._data.address_file.exists():  # else these folders are on the server
                folders[1:1] = [
                    ("tasks", self.tr("Own tasks")),
                    ("templates", self.tr("Templates")),
                    ("outbox", self.tr("Outbox")),
                ]
            self.about = self._window.sheets.make(partial(AboutSheet, folders))
            self.about.folder_chosen.connect(self._on_folder_chosen)
            self.about.report_chosen.connect(self._on_report_chosen)
        self.about.open()

    def _on_folder_chosen(self, name: str) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(getattr(self._data, name))))

    def _on_report_chosen(self) -> None:
        from desktop.gui.help.about_sheet import bug_report, without_home

        counts = ", ".join(f"{state} {count:,}" for state, count in self._counts.items() if count)
        facts = {
            "Backend": self._window.parts.strip.backend.text(),
            "Tasks": counts or "none",
            "Data folder": without_home(self._data.root),
        }
        QGuiApplication.clipboard().setText(bug_report(self._themes, facts))
        self._window.toasts.show(self.tr("The text for a bug report is copied"), icon="copy")

    def _on_stats(self, stats: Stats) -> None:
        self._counts = dict(stats["counts"])
