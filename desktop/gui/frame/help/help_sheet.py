"""The help sheet: a list of pages, and the text of the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QKeySequence,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QWidget

from desktop.gui.kit.look.follow import LOOK, px
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.settings.paths import resources

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QResizeEvent

    from desktop.gui.kit.look.theme import Theme


KEYS_PAGE: Final = "keys"
"""The name of the page made from the window's actions."""

TITLE_STEP: Final = 2
HEADING_STEP: Final = 1
"""Font sizes in Qt's steps above that of the text; a step is about a fifth."""

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page of Markdown; its first line is its title."""

    name: str
    text: str

    @property
    def title(self) -> str:
        """The title in the list of pages."""
        return self.text.partition("\n")[0].removeprefix("#").strip()


def pages(window: QWidget) -> list[HelpPage]:
    """Return all pages: the shortcuts of ``window``, then the files.

    Raises:
        OSError: when a page cannot be read.
    """
    written = [HelpPage(path.stem, path.read_text(encoding="utf-8")) for path in _files()]
    return [HelpPage(KEYS_PAGE, _keys_page(window)), *written]


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


def _files() -> list[Path]:
    return sorted((resources() / "help").glob("*.md"))


def _keys_page(window: QWidget) -> str:
    title = translate("help", "Keyboard")
    head = translate("help", "Keys"), translate("help", "What they do")
    rows = [f"| {' | '.join(head)} |", "| --- | --- |"]
    rows += [f"| **{keys}** | {words} |" for keys, words in (*keys_of(window), *_in_all())]
    return "\n".join([f"# {title}", "", *rows, ""])


def _in_all() -> tuple[tuple[str, str], ...]:
    """Return the keys that lists, fields and sheets handle themselves."""
    return (
        ("Esc", translate("help", "Close the sheet or message on top; clear the search")),
        ("Tab", translate("help", "Next field or button")),
        (translate("help", "Ctrl+wheel"), translate("help", "Larger or smaller text")),
        ("Shift+↑, Shift+↓", translate("help", "Select several rows")),
        ("Ctrl+A", translate("help", "Select all rows")),
    )


class HelpSheet(Sheet):
    """Shows the pages over the work area; arrow keys choose a page, Tab moves to its text."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(820, host)
        self.set_title(self.tr("Help"))
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.text = QTextBrowser()
        self.text.setStyleSheet("QTextBrowser { border: none; background: transparent; }")
        self.text.setAccessibleName(self.tr("Page"))
        self.text.setOpenExternalLinks(True)
        self.text.setTabChangesFocus(True)
        row = QHBoxLayout()
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        self.body.addLayout(row, 1)
        self.list.currentItemChanged.connect(self._on_chosen)
        LOOK.changed.connect(self._on_theme)

    def open(self) -> None:
        """Read the pages again, with the current shortcuts, and show the page read last."""
        place = max(0, self.list.currentRow())
        self.list.clear()
        for page in pages(self.window()):
            entry = QListWidgetItem(page.title)
            entry.setData(Qt.ItemDataRole.UserRole, page.text)
            self.list.addItem(entry)
        self.list.setCurrentRow(place)
        self._fit_list()
        super().open()

    def focus_first(self) -> None:
        """Focus the list of pages."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_theme(self) -> None:
        self._fit_list()
        self._on_chosen(self.list.currentItem())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the list narrow, so the page has most of the width."""
        super().resizeEvent(event)
        self._fit_list()

    def _fit_list(self) -> None:
        self.list.setFixedWidth(min(px(190), self.width() // 3))
        metrics, wrap = self.list.fontMetrics(), Qt.TextFlag.TextWordWrap
        sides = 2 * px(8) + px(14)  # padding, scroll bar
        room = QRect(0, 0, self.list.width() - sides, px(1000))
        for entry in map(self.list.item, range(self.list.count())):
            needs = metrics.boundingRect(room, wrap, entry.text())
            # Qt's own hint forgets the padding, and a title that just fits is cut.
            entry.setSizeHint(QSize(room.width(), needs.height() + 2 * px(6)))

    def _on_chosen(self, entry: QListWidgetItem | None) -> None:
        if entry is not None:
            self.text.setMarkdown(str(entry.data(Qt.ItemDataRole.UserRole)))
            self._set_type()

    def _set_type(self) -> None:
        """Set line heights, headings and tables for easy reading."""
        theme = LOOK.theme
        document = self.text.document()
        document.setDocumentMargin(theme.px(8))
        block = document.begin()
        while block.isValid():
            _set_block(QTextCursor(block), block.blockFormat().headingLevel(), theme)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                _set_table(frame, theme)
        self.text.verticalScrollBar().setValue(0)


def _set_block(cursor: QTextCursor, level: int, theme: Theme) -> None:
    """Set the line height of a paragraph, and the size of a title (1) or heading (2, 3 …)."""
    spacing = cursor.blockFormat()
    spacing.setLineHeight(125.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if level > 1:
        spacing.setTopMargin(theme.px(16))
    cursor.setBlockFormat(spacing)
    if level:
        type_ = QTextCharFormat()
        step = TITLE_STEP if level == 1 else HEADING_STEP
        type_.setProperty(QTextCharFormat.Property.FontSizeAdjustment.value, step)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        cursor.mergeCharFormat(type_)


def _set_table(table: QTextTable, theme: Theme) -> None:
    """Draw a line below each row of a table, as in the lists."""
    shape = table.format()
    shape.setBorder(0)
    shape.setCellSpacing(0)
    shape.setCellPadding(theme.px(6))
    shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(shape)
    for place in range(table.rows() * table.columns()):
        cell = table.cellAt(place // table.columns(), place % table.columns())
        lines = cell.format().toTableCellFormat()
        lines.setBottomBorder(1)
        lines.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        lines.setBottomBorderBrush(theme.color("line"))
        cell.setFormat(lines)
