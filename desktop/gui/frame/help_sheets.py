"""The help with its page *About Sendoff*, and the folders named there."""

from __future__ import annotations

import platform
import time
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property, partial
from os import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import (
    QCoreApplication,
    QLocale,
    QObject,
    Qt,
    QUrl,
    Signal,
    qVersion,
)
from PySide6.QtGui import (
    QAction,
    QDesktopServices,
    QGuiApplication,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QWidget,
)

from desktop import __version__
from desktop.gui.frame.cases import CaseFact
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.rights import TASKS_FOLDER
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.table import say
from desktop.settings.crash_reports import crash_reports, is_seen, masked, put_aside
from desktop.settings.resources import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.connection import Live
    from desktop.settings.office_folder import OfficeFolder


KEYS_PAGE: Final = "keys"
"""The name of the page made from the window's actions."""
ABOUT_PAGE: Final = "about"
"""The name of the page of versions, folders and licences."""
LOG_PAGE: Final = "log"
"""The name of the page with the end of the logs."""
CRASH_PAGE: Final = "crash"
CRASH: Final = "crash"
"""The case that Sendoff crashed before."""
"""The name of the page with the report of the last crash, and of the notice that offers it."""
LOG_LINES: Final = 200
LOG_SHOWN: Final = 64 * 1024
"""Lines, and bytes, of each log that the page shows."""
translate = QCoreApplication.translate


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


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page of Markdown; ``text`` makes it when it is shown."""

    name: str
    title: str
    text: Callable[[], str]


def pages(window: QWidget, data: OfficeFolder) -> list[HelpPage]:
    """Return all pages: the files, the shortcuts, *About Sendoff*, the log, the last crash.

    Raises:
        OSError: when a page cannot be read.
    """
    keys = HelpPage(KEYS_PAGE, translate("help", "Keyboard"), partial(_keys_page, window))
    about = HelpPage(ABOUT_PAGE, translate("help", "About Sendoff"), partial(_about_page, data))
    log = HelpPage(LOG_PAGE, translate("help", "Log"), partial(_log_page, data))
    found = [*map(_written, _files()), keys, about, log]
    if crashes := crash_reports(data.logs):
        title = translate("help", "Last crash")
        found.append(HelpPage(CRASH_PAGE, title, partial(_crash_page, title, crashes[-1])))
    return found


def keys_of(window: QWidget) -> list[tuple[str, str]]:
    """Return the shortcuts of a window's visible actions with their texts.

    Those that work in the whole window come first.
    """
    found: dict[tuple[str, str], None] = {}
    for action in (*window.actions(), *window.findChildren(QAction)):
        words = action.text().replace("&", "").rstrip("…")
        for keys in action.shortcuts()[:1]:
            if words and action.isVisible():
                found[keys.toString(QKeySequence.SequenceFormat.NativeText), words] = None
    return list(found)


def _written(path: Path) -> HelpPage:
    """Read a page of a file; its first line is the title."""
    text = path.read_text(encoding="utf-8")
    return HelpPage(path.stem, text.partition("\n")[0].removeprefix("#").strip(), lambda: text)


def _files() -> list[Path]:
    return sorted((resources() / "help").glob("*.md"))


def _keys_page(window: QWidget) -> str:
    title = translate("help", "Keyboard")
    head = translate("help", "Keys"), translate("help", "What they do")
    rows = [(f"**{keys}**", words) for keys, words in (*keys_of(window), *_in_all())]
    return f"# {title}\n\n{_table(head, rows)}\n"


def _about_page(data: OfficeFolder) -> str:
    folders = {translate("help", "Data"): data.root, translate("help", "Logs"): data.logs}
    if not data.address_file.exists():  # else the others are on the server
        folders |= {
            translate("help", "Own tasks"): data.tasks,
            translate("help", "Templates"): data.templates,
            translate("help", "Outbox"): data.outbox,
        }
    places = [
        f"[{name}]({QUrl.fromLocalFile(at).toString(QUrl.ComponentFormattingOption.FullyEncoded)})"
        for name, at in folders.items()
    ]
    libraries = [*library_lines(), ("Lucide", "", "ISC")]
    parts = (
        "# " + translate("help", "About Sendoff"),
        translate("help", "Items in, durable background tasks out, every one of them in sight."),
        _table((translate("help", "Part"), translate("help", "Version")), [*versions().items()]),
        "## " + translate("help", "Folders"),
        " · ".join(places),
        "## " + translate("help", "Built on"),
        translate("help", "Sendoff is under the MIT licence."),
        _table(
            (
                translate("help", "Library"),
                translate("help", "Version"),
                translate("help", "Licence"),
            ),
            libraries,
        ),
    )
    return "\n\n".join(parts)


def _log_page(data: OfficeFolder) -> str:
    """Return the end of both logs, without addresses and tokens."""
    parts = [f"# {translate('help', 'Log')}"]
    for name in ("backend.log", "window.log"):
        with suppress(FileNotFoundError), (data.logs / name).open("rb") as file:
            file.seek(max(0, file.seek(0, SEEK_END) - LOG_SHOWN))
            end = file.read().decode(errors="replace").splitlines()[-LOG_LINES:]
            parts += [f"## {name}", _as_it_is(masked("\n".join(end)))]
    return "\n\n".join(parts)


def _crash_page(title: str, report: Path) -> str:
    with suppress(FileNotFoundError):
        return f"# {title}\n\n{_as_it_is(report.read_text(encoding='utf-8'))}"
    return f"# {title}"


def _as_it_is(text: str) -> str:
    """Return a block of Markdown that shows each line as it is."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _in_all() -> tuple[tuple[str, str], ...]:
    """Return the keys that lists, fields and sheets handle themselves."""
    return (
        ("Esc", translate("help", "Close what is on top; clear the search")),
        ("Tab", translate("help", "Next field or button")),
        ("Shift+↑, Shift+↓", translate("help", "Select several rows")),
        ("Ctrl+A", translate("help", "Select all rows")),
    )


class HelpSheet(Sheet):
    """Shows the pages over the work area; arrow keys choose a page, Tab moves to its text.

    ``report_chosen`` asks for the text of a bug report.
    """

    report_chosen = Signal()

    def __init__(self, data: OfficeFolder, host: QWidget) -> None:
        super().__init__(820, host)
        self._data = data
        self.set_title(self.tr("Help"))
        self.copy = QPushButton(self.tr("Copy for a bug report"))
        icons.put(self.copy, "copy", "text")
        self.copy.clicked.connect(self.report_chosen)
        self.foot.addStretch(1)
        self.foot.addWidget(self.copy)
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QTextBrowser()
        self.text.setStyleSheet("QTextBrowser { border: none; background: transparent; }")
        self.text.setAccessibleName(self.tr("Page"))
        self.text.setOpenExternalLinks(True)
        self.text.setTabChangesFocus(True)
        row = QHBoxLayout()
        row.addWidget(self.list, 1)
        row.addWidget(self.text, 3)
        self.body.addLayout(row, 1)
        self.list.currentItemChanged.connect(self._on_chosen)
        LOOK.changed.connect(self._on_theme)

    def open(self) -> None:
        """Read the pages again, with the current shortcuts, and show the page read last."""
        place = max(0, self.list.currentRow())
        self.list.clear()
        for page in pages(self.window(), self._data):
            entry = QListWidgetItem(page.title)
            entry.setToolTip(page.title)
            entry.setData(Qt.ItemDataRole.UserRole, page.text)
            self.list.addItem(entry)
        self.list.setCurrentRow(place)
        super().open()

    def open_at(self, name: str) -> None:
        """Show the page of this name."""
        self.open()
        names = [page.name for page in pages(self.window(), self._data)]
        self.list.setCurrentRow(names.index(name))

    def focus_first(self) -> None:
        """Focus the list of pages."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_theme(self) -> None:
        self._on_chosen(self.list.currentItem())

    def _on_chosen(self, entry: QListWidgetItem | None) -> None:
        if entry is None:
            return
        from markdown_it import MarkdownIt

        theme, document = LOOK.theme, self.text.document()
        document.setDocumentMargin(theme.px(8))
        document.setDefaultStyleSheet(
            f"p, li {{ line-height: 125%; }} h2 {{ margin-top: {theme.px(16)}px; }} "
            f"a {{ color: {theme.ink('accent').name()}; }} th {{ text-align: left; }} "
            f"th, td {{ border-bottom: 1px solid {theme.color('line').name()}; }}"
        )
        page = MarkdownIt().enable("table").render(entry.data(Qt.ItemDataRole.UserRole)())
        table = f'<table width="100%" cellspacing="0" cellpadding="{theme.px(6)}">'
        self.text.setHtml(page.replace("<table>", table))


class HelpSheets(QObject):
    """Opens the help, also at *About Sendoff*, and copies the text of a bug report."""

    def __init__(
        self, window: MainWindow, live: Live, data: OfficeFolder, themes: ThemeSource
    ) -> None:
        super().__init__(window)
        self._window = window
        self._data = data
        self._themes = themes
        self._counts: dict[str, int] = {}
        live.stats_changed.connect(self._on_stats)
        window.menu.help_chosen.connect(lambda: self.help.open())
        window.menu.about_chosen.connect(lambda: self.help.open_at(ABOUT_PAGE))
        if (crashes := crash_reports(data.logs)) and not is_seen(crashes[-1]):
            self._offer(crashes[-1])

    def _offer(self, report: Path) -> None:
        """Offer the report of a crash, once."""
        when = day_and_time(report.stat().st_mtime, time.time())
        cases = self._window.cases
        cases.tell(CaseFact(CRASH, when=when))
        cases.on_put_away(CRASH, lambda _: put_aside(report))
        cases.lead("show_report", lambda _: self._show_report(report))

    def _show_report(self, report: Path) -> None:
        self._window.cases.put_away(CRASH, "")
        self.help.open_at(CRASH_PAGE)

    @cached_property
    def help(self) -> HelpSheet:
        """The help; it is made when it is first opened."""
        sheet = self._window.sheets.make(partial(HelpSheet, self._data))
        sheet.report_chosen.connect(self._on_report_chosen)
        return sheet

    def _on_report_chosen(self) -> None:
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
        self._window.toasts.show(say("window", "copied"), icon="copy")

    def _on_stats(self, stats: OfficeStats) -> None:
        self._counts = dict(stats["counts"])


class TasksFolder(QObject):
    """Opens the folder of own tasks."""

    def __init__(self, window: MainWindow, data: OfficeFolder) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self.data = data
        window.cases.lead(TASKS_FOLDER, lambda _: self.open_tasks())

    def open_tasks(self) -> None:
        """Open the folder of own tasks; an app has its tasks elsewhere."""
        if self.data.app_mark.exists():
            self._toasts.show(say("window", "app_tasks"), icon="info")
        else:
            _open(self.data.tasks)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
