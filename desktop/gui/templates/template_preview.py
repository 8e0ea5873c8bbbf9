"""The preview of a template: the message as its reader sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.gui.kit.look.appearance import restyle, set_font, set_role, sized
from desktop.gui.kit.widgets.buttons import IconButton
from desktop.gui.kit.widgets.choice import Segments
from desktop.gui.kit.widgets.files import files_words
from desktop.gui.kit.widgets.message_view import InertBrowser, not_filled_in
from desktop.gui.kit.widgets.surfaces import scrolled
from desktop.gui.kit.widgets.texts import (
    MARGIN,
    AccentLabel,
    ElidedLabel,
    Feedback,
    Paragraph,
    ReadingPane,
    give_way,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.batches import BatchRow
    from desktop.contract.items import Item


COMPUTER, PHONE, TEXT = "computer", "phone", "text"
PHONE_WIDTH: Final = 320
ANY_WIDTH: Final = 4000


class TemplatePreview(QFrame):
    """Shows a message, and steps through the items it can be made for.

    ``item_changed`` asks for the message for :attr:`subject`; ``ways`` shows it as on a computer,
    on a phone, or as plain text.
    """

    item_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._items: list[Item] = []
        self._batch_id: int | None = None  # the batch of the items, if they are its rows
        self._at = 0
        self._shown_about: dict[str, int] = {}
        self.setObjectName("templatePreview")
        self.ways = Segments(
            self.tr("How the e-mail is shown"),
            [
                (COMPUTER, self.tr("Computer")),
                (PHONE, self.tr("Phone")),
                (TEXT, self.tr("Text")),
            ],
        )
        self.ways.chosen.connect(self._show_way)
        for number, way in enumerate((COMPUTER, PHONE, TEXT), 1):
            self.ways.button(way).setShortcut(f"Alt+{number}")
        self.about = ElidedLabel()
        self.newer = IconButton(self.tr("Newer item"), "chevron-left", width=28)
        self.older = IconButton(self.tr("Older item"), "chevron-right", width=28)
        self.newer.clicked.connect(lambda: self._step(-1))
        self.older.clicked.connect(lambda: self._step(1))
        self._addresses = set_role(Paragraph(), "soft")
        self.title = AccentLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True)
        set_font(self.title, 20, QFont.Weight.DemiBold)
        for label in (self._addresses, self.title):
            label.setContentsMargins(MARGIN, 0, 0, 0)  # aligned with the text below
            give_way(label)
        self.html = InertBrowser()
        self.html.setAccessibleName(self.tr("The e-mail as its reader sees it"))
        self.html.document().setDocumentMargin(MARGIN)
        self.text = ReadingPane(self.tr("The e-mail as plain text"))
        self.text.setLineWrapMode(ReadingPane.LineWrapMode.WidgetWidth)
        self.words = Feedback()
        self.empty = set_role(Paragraph(), "waiting")
        self.empty.hide()
        self._lay_out()
        self._show_way(COMPUTER)
        self._show_about()

    @property
    def item_id(self) -> int | None:
        """The shown item; ``None`` for an example, and for a row of a spreadsheet."""
        shows_item = self._items and self._batch_id is None
        return int(self._items[self._at]["item_id"]) if shows_item else None

    @property
    def subject(self) -> dict[str, int]:
        """The item or row of the message, as the API takes it; empty for an example."""
        if not self._items:
            return {}
        number = int(self._items[self._at]["item_id"])
        if self._batch_id is None:
            return {"item_id": number}
        return {"batch_id": self._batch_id, "row": number}

    def show_rows(self, batch_id: int, rows: Sequence[BatchRow]) -> None:
        """Step through rows of a spreadsheet that is being imported."""
        self._batch_id = batch_id
        self._items = [cast("Item", {**each["item"], "item_id": each["row"]}) for each in rows]
        self._at = 0
        self._show_about()
        self.item_changed.emit()

    def show_items(self, items: Sequence[Item], about: int | None) -> None:
        """Step through these items, newest first; show the item ``about``, or the former one."""
        before, shown = self.subject, self.item_id if about is None else about
        self._batch_id = None
        self._items = list(items)
        numbers = [int(each["item_id"]) for each in items]
        self._at = numbers.index(shown) if shown in numbers else 0
        self._show_about()
        if self.subject != before:
            self.item_changed.emit()

    def show_why_not(self, words: str, error: Exception) -> None:
        """Say why there is no message; hide a former one for another item."""
        self.words.say_why(words, error, "soft")
        shown = self._shown.isVisibleTo(self) and self._shown_about == self.subject
        self._shown.setVisible(shown)
        self.empty.setVisible(shown and bool(self.empty.text()))

    def show_message(self, message: dict[str, Any]) -> None:
        """Show ``{"from", "to", "subject_html", "text", "html", "files", "marked"}``."""
        self._shown_about = self.subject
        lines = [
            self.tr("From {}").format(message["from"]),
            self.tr("To {}").format(message["to"]),
        ]
        if files := files_words(message.get("files", ())):
            lines.append(self.tr("Attached: {}").format(files))
        self._addresses.setText("\n".join(lines))
        self.title.setText(str(message["subject_html"]))
        self.html.show_html(str(message["html"] or ""))
        self.text.setPlainText(str(message["text"]))
        self.empty.setText(not_filled_in(message))
        self.empty.setVisible(bool(self.empty.text()))
        self._shown.show()
        self.words.say("")

    def _lay_out(self) -> None:
        head = sized(QHBoxLayout(), spacing=4)
        self.ways.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        head.addWidget(self.ways)
        head.addStretch(1)
        head.addWidget(self.about)
        head.addWidget(self.newer)
        head.addWidget(self.older)
        self._paper = QFrame()
        self._paper.setObjectName("paper")
        sheet = sized(QVBoxLayout(self._paper), margins=(20, 20, 20, 8), spacing=12)
        sheet.addWidget(self._addresses)
        sheet.addWidget(self.title)
        sheet.addWidget(self.html, 1)
        sheet.addWidget(self.text, 1)
        whole = sized(QVBoxLayout(self), margins=(16, 12, 16, 16), spacing=12)
        whole.addLayout(head)
        whole.addWidget(self.words)
        desk = QWidget()
        desk.setProperty("area", "clear")
        across = sized(QHBoxLayout(desk), margins=0)
        across.addWidget(self._paper)
        self._shown = scrolled(desk)  # for long addresses and titles
        whole.addWidget(self._shown, 1)
        whole.addWidget(self.empty)
        whole.addStretch()
        self._shown.hide()

    def _step(self, by: int) -> None:
        self._at = min(max(self._at + by, 0), len(self._items) - 1)
        self._show_about()
        self.item_changed.emit()

    def _show_way(self, way: str) -> None:
        self.setFocusProxy(self.text if way == TEXT else self.html)
        self.html.setVisible(way != TEXT)
        self.text.setVisible(way == TEXT)
        sized(self._paper, most_width=PHONE_WIDTH if way == PHONE else ANY_WIDTH)
        restyle(self._paper, device=way)

    def _show_about(self) -> None:
        self.newer.setVisible(bool(self._items))
        self.older.setVisible(bool(self._items))
        if not self._items:
            self.about.setText(self.tr("an example"))
            return
        item = self._items[self._at]
        recipient = item.get("recipient")
        name = (recipient.get("name") if recipient else "") or item.get("title") or ""
        words = self.tr("item {}") if self._batch_id is None else self.tr("row {}")
        number = words.format(item["item_id"])
        self.about.setText(" · ".join(filter(None, [number, name])))
        self.newer.setEnabled(self._at > 0)
        self.older.setEnabled(self._at < len(self._items) - 1)
