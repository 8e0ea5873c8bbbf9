"""*About Sendoff*, the log, the last crash, and the folders named there."""

from __future__ import annotations

import platform
import time
import tomllib
from contextlib import suppress
from functools import cache, cached_property, partial
from os import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QUrl, Signal, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QWidget

from desktop import __version__
from desktop.gui.frame.cases import CaseFact
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, set_role
from desktop.gui.kit.rights import TASKS_FOLDER
from desktop.gui.kit.widgets.buttons import ActionButton, Link
from desktop.gui.kit.widgets.dialog import Dialog
from desktop.gui.kit.widgets.message_view import source_pane
from desktop.gui.kit.widgets.surfaces import FlowPane
from desktop.gui.kit.widgets.texts import WholeLabel
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.table import say
from desktop.settings.crash_reports import crash_reports, is_seen, masked, put_aside
from desktop.settings.resources import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.connection import Live
    from desktop.settings.office_folder import OfficeFolder


translate = QCoreApplication.translate
CRASH: Final = "crash"
"""The case that Sendoff crashed before."""
LOG_LINES: Final = 200
LOG_SHOWN: Final = 64 * 1024
"""Lines, and bytes, of each log that are shown."""


def versions() -> dict[str, str]:
    """Return the versions that matter for a bug report."""
    return {
        "Sendoff": __version__,
        "Python": platform.python_version(),
        "Qt": f"{qVersion()}, PySide {pyside_version}",
        "System": platform.platform(),
    }


@cache
def library_lines() -> list[tuple[str, str, str]]:
    """Return name, version and licence of each library Sendoff is built on."""
    from importlib import metadata

    known = tomllib.loads((resources() / "libraries.toml").read_text(encoding="utf-8"))
    return [(name, metadata.version(name), licence) for name, licence in known.items()]


def bug_report(themes: ThemeSource, facts: Mapping[str, str]) -> str:
    """Return the text of a bug report; it contains no address, message, password or name."""
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    lines = versions() | {
        "Display": f"{QGuiApplication.platformName()}, {size.width()}×{size.height()}"
        f" at {screen.devicePixelRatio():g}×",
        "Look": f"{LOOK.theme.scheme}, text {themes.text_size} %",
        "Language": QLocale().name(),
    }
    lines |= dict(facts)
    lines["Libraries"] = ", ".join(f"{name} {version}" for name, version, _ in library_lines())
    return "\n".join(f"{name}: {value}" for name, value in lines.items()) + "\n"


def without_home(path: Path) -> str:
    """Return a path with the home folder as ``~``, as that contains the person's name."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def log_text(logs: Path) -> str:
    """Return the end of both logs, without addresses and tokens."""
    parts = list[str]()
    for name in ("backend.log", "window.log"):
        with suppress(FileNotFoundError), (logs / name).open("rb") as file:
            file.seek(max(0, file.seek(0, SEEK_END) - LOG_SHOWN))
            end = file.read().decode(errors="replace").splitlines()[-LOG_LINES:]
            parts.append(masked("\n".join((name, "", *end))))
    return "\n\n".join(parts)


class ReportDialog(Dialog):
    """Shows a text of lines, such as the log; ``report_chosen`` asks for that of a bug report."""

    report_chosen = Signal()

    def __init__(self, parent: QWidget, title: str = "") -> None:
        super().__init__(title, 820, parent, 560)
        self.text = source_pane(title)
        self.body.addWidget(self.text)
        _add_copy(self)

    def show_text(self, text: str) -> None:
        """Open the dialog at the end of a text."""
        self.text.setPlainText(text)
        self.open()
        self.text.moveCursor(QTextCursor.MoveOperation.End)

    def focus_first(self) -> None:
        """Focus the text."""
        self.text.setFocus()


class AboutDialog(Dialog):
    """Shows versions and licences; ``opened`` carries a folder that a link names.

    ``log_chosen``, ``crash_chosen`` and ``report_chosen`` ask for texts.
    """

    opened = Signal(object)
    log_chosen = Signal()
    crash_chosen = Signal()
    report_chosen = Signal()

    def __init__(self, data: OfficeFolder, parent: QWidget) -> None:
        super().__init__(self.tr("About Sendoff"), 520, parent)
        libraries = [*library_lines(), ("Lucide", "", "ISC")]
        built_on = " · ".join(
            f"{' '.join(filter(None, (name, version)))} ({licence})"
            for name, version, licence in libraries
        )
        said = (
            self.tr("Items in, durable background tasks out, every one of them in sight."),
            "\n".join(f"{name} {version}" for name, version in versions().items()),
            self.tr("Sendoff is under the MIT licence. It is built on:"),
            built_on,
        )
        labels = [WholeLabel() for _ in said]
        for label, text in zip(labels, said, strict=True):
            label.setText(text)
        set_role(labels[-1], "soft")
        links = FlowPane()
        self.links = dict[str, Link]()
        for word, tip, slot in self._ways(data):
            self.links[word] = link = Link(word)
            link.setToolTip(tip)
            link.clicked.connect(slot)
            links.flow.addWidget(link)
        self.add_scrolled(*labels[:2], links, *labels[2:])
        _add_copy(self)

    def _ways(self, data: OfficeFolder) -> Iterator[tuple[str, str, Callable[[], object]]]:
        folders = {self.tr("Data"): data.root, self.tr("Logs"): data.logs}
        if not data.address_file.exists():  # else the others are on the server
            folders |= {
                self.tr("Own tasks"): data.tasks,
                self.tr("Templates"): data.templates,
                self.tr("Outbox"): data.outbox,
            }
        for word, folder in folders.items():
            yield word, str(folder), partial(self.opened.emit, folder)
        yield self.tr("Show the log"), "", self.log_chosen.emit
        if crash_reports(data.logs):
            yield self.tr("Show the last crash"), "", self.crash_chosen.emit


def _add_copy(dialog: ReportDialog | AboutDialog) -> None:
    copy = ActionButton(translate("about", "Copy for a bug report"))
    icons.put(copy, "copy", "text")
    copy.clicked.connect(dialog.report_chosen)
    dialog.foot.insertWidget(0, copy)


class AboutSendoff(QObject):
    """Opens *About Sendoff*, the log and the last crash, and copies the text of a bug report."""

    def __init__(
        self, window: MainWindow, live: Live, data: OfficeFolder, themes: ThemeSource
    ) -> None:
        super().__init__(window)
        self._window = window
        self._data = data
        self._themes = themes
        self._counts: dict[str, int] = {}
        live.stats_changed.connect(self._on_stats)
        window.menu.about_chosen.connect(lambda: self.about.open())
        if (crashes := crash_reports(data.logs)) and not is_seen(crashes[-1]):
            self._offer(crashes[-1])

    @cached_property
    def about(self) -> AboutDialog:
        """Versions, folders and licences."""
        dialog = self._window.dialogs.make(partial(AboutDialog, self._data))
        dialog.opened.connect(_open)
        dialog.log_chosen.connect(lambda: self.log.show_text(log_text(self._data.logs)))
        dialog.crash_chosen.connect(lambda: self._show_crash(dialog))
        dialog.report_chosen.connect(self._copy_report)
        return dialog

    @cached_property
    def log(self) -> ReportDialog:
        """The end of the logs."""
        return self._make_report(self.tr("Log"), self.about)

    def _make_report(self, title: str, over: QWidget | None) -> ReportDialog:
        dialog = self._window.dialogs.make(partial(ReportDialog, title=title), over)
        dialog.report_chosen.connect(self._copy_report)
        return dialog

    def _offer(self, report: Path) -> None:
        """Offer the report of a crash, once."""
        when = day_and_time(report.stat().st_mtime, time.time())
        cases = self._window.cases
        cases.tell(CaseFact(CRASH, when=when))
        cases.on_put_away(CRASH, lambda _: put_aside(report))
        cases.lead("show_report", lambda _: self._show_offered())

    def _show_offered(self) -> None:
        self._window.cases.put_away(CRASH, "")
        self._show_crash(None)

    def _show_crash(self, over: QWidget | None) -> None:
        for report in crash_reports(self._data.logs)[-1:]:
            dialog = self._make_report(self.tr("Last crash"), over)
            dialog.show_text(report.read_text(encoding="utf-8"))

    def _copy_report(self) -> None:
        counts = ", ".join(f"{state} {count:,}" for state, count in self._counts.items() if count)
        facts = {
            "State": self._window.cases.sentence,
            "Tasks": counts or "none",
            "Data folder": without_home(self._data.root),
        }
        text = bug_report(self._themes, facts)
        for report in crash_reports(self._data.logs)[-1:]:
            text = f"{text}\n{report.read_text(encoding='utf-8')}"
        QGuiApplication.clipboard().setText(text)
        self._window.notes.show(say("window", "copied"), icon="copy")

    def _on_stats(self, stats: OfficeStats) -> None:
        self._counts = dict(stats["counts"])


class TasksFolder(QObject):
    """Opens the folder of own tasks."""

    def __init__(self, window: MainWindow, data: OfficeFolder) -> None:
        super().__init__(window)
        self.data = data
        window.cases.lead(TASKS_FOLDER, lambda _: self.open_tasks())

    def open_tasks(self) -> None:
        """Open the folder of own tasks."""
        _open(self.data.tasks)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
