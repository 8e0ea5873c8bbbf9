"""*About Sendoff*: versions, folders, licences, and a text for a bug report."""

from __future__ import annotations

import platform
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QLocale, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop import __version__
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.follow import LOOK, follow, sized
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.surfaces import Flow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.look.theme import Theme

LIBRARIES: Final = {
    "charset-normalizer": "MIT",
    "cronsim": "BSD-3-Clause",
    "email-validator": "Unlicense",
    "fastapi": "MIT",
    "h11": "MIT",
    "httpx": "BSD-3-Clause",
    "httpx-sse": "MIT",
    "idna": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "keyring": "MIT",
    "platformdirs": "MIT",
    "pydantic": "MIT",
    "pyside6-essentials": "LGPL-3.0",
    "python-calamine": "MIT",
    "qasync": "BSD-2-Clause",
    "sqlalchemy": "MIT",
    "tomlkit": "MIT",
    "tzdata": "Apache-2.0",
    "uvicorn": "BSD-3-Clause",
    "xlsxwriter": "BSD-2-Clause",
}
"""The libraries Sendoff is built on, with their licences. Lucide's icons are under ISC."""


def versions() -> dict[str, str]:
    """Return the versions that matter for a bug report."""
    return {
        "Sendoff": __version__,
        "Python": platform.python_version(),
        "Qt": f"{qVersion()}, PySide {pyside_version}",
        "System": platform.platform(),
    }


def library_lines() -> list[tuple[str, str, str]]:
    """Return name, version and licence of each library; the version is empty if unknown."""
    return [(name, _version(name), licence) for name, licence in LIBRARIES.items()]


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
    lines["Libraries"] = ", ".join(f"{name} {found}" for name, found, _ in library_lines() if found)
    return "\n".join(f"{name}: {value}" for name, value in lines.items()) + "\n"


def without_home(path: Path) -> str:
    """Return a path with the home folder as ``~``, as that contains the person's name."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def _version(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # a frozen program has no package metadata
        return ""


class AboutSheet(Sheet):
    """Emits ``folder_chosen`` with a folder to open, ``report_chosen`` for a bug report.

    ``folders`` are pairs of a name and the button's text.
    """

    folder_chosen = Signal(str)
    report_chosen = Signal()

    def __init__(self, folders: Sequence[tuple[str, str]], host: QWidget) -> None:
        super().__init__(600, host)
        self.set_title(self.tr("About Sendoff"))
        mark = QLabel()
        follow(mark, "icon", _draw_app_icon)
        says = QLabel(
            self.tr("Items in, durable background tasks out, every one of them in sight.")
        )
        says.setWordWrap(True)
        self._top = sized(QHBoxLayout(), spacing=16)
        self._top.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        self._top.addWidget(says, 1)
        self._grid = sized(QGridLayout(), across=16, down=4)
        self._grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(versions().items()):
            shown = QLabel(value, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
            title = _soft(name)
            for part in (title, shown):  # both, as selectable text is drawn higher
                part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(shown, row, 1)
        self._flow = sized(Flow(), spacing=8)
        self.folders = {name: QPushButton(words) for name, words in folders}
        for name, button in self.folders.items():
            icons.put(button, "folder-open")
            button.setToolTip(self.tr("Open this folder"))
            button.clicked.connect(lambda _on=False, n=name: self.folder_chosen.emit(n))
            self._flow.addWidget(button)
        self.licences = QLabel(wordWrap=True)
        first = self.tr("Sendoff is under the MIT licence.")
        follow(self.licences, "text", partial(_list_licences, first=first))
        self.copy = QPushButton(self.tr("Copy for a bug report"))
        icons.put(self.copy, "copy", "text")
        self.copy.clicked.connect(self.report_chosen)
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("area", "clear")
        column = sized(QVBoxLayout(inside), margins=(0, 0, 8, 0), spacing=12)
        column.addLayout(self._top)
        column.addLayout(self._grid)
        column.addWidget(_soft(self.tr("Folders")))
        column.addLayout(self._flow)
        column.addWidget(_soft(self.tr("Built on")))
        column.addWidget(self.licences)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(self.copy)


def _draw_app_icon(mark: QLabel, theme: Theme) -> None:
    mark.setPixmap(icons.app_icon().pixmap(theme.px(48), theme.px(48)))


def _list_licences(label: QLabel, theme: Theme, first: str) -> None:
    rows = [(*line,) for line in library_lines()] + [("Lucide", "", "ISC")]
    pad = f"style='padding: {theme.px(2)}px {theme.px(16)}px {theme.px(2)}px 0'"
    cells = "".join(
        f"<tr>{''.join(f'<td {pad}>{escape(word)}</td>' for word in row)}</tr>" for row in rows
    )
    above = f"style='margin-top: {theme.px(8)}px'"  # Qt ignores a bottom margin of the paragraph
    label.setText(f"<p>{escape(first)}</p><table cellspacing='0' {above}>{cells}</table>")


def _soft(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "soft")
    return label
