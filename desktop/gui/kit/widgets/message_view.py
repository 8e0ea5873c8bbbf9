"""A message as its reader sees it."""

from __future__ import annotations

import re
from html import escape
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QUrl
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QStackedWidget,
    QTextBrowser,
    QTextEdit,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look.appearance import bind_theme, in_monospace, set_role, sized
from desktop.gui.kit.look.theme import Scheme, Theme
from desktop.gui.kit.widgets.choice import Segments
from desktop.gui.kit.widgets.files import files_words
from desktop.gui.kit.widgets.surfaces import Flow
from desktop.gui.kit.widgets.texts import (
    AccentLabel,
    Paragraph,
    give_way,
    leaves_scrolling,
    tip,
)
from desktop.gui.kit.words.ages import whole_moment
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


LONGEST_TIP: Final = 300
"""Longest address, in characters, that a tooltip shows."""
_TAG: Final = re.compile(r"<[^>]*>")
_LETTERS: Final = re.compile(r"((?:font-size|line-height)\s*:\s*)(\d+(?:\.\d+)?)px", re.IGNORECASE)


_ALWAYS: Final = frozenset({"from", "to", "subject"})
"""What is shown of a head even if it is empty."""


class MessageView(QWidget):
    """Shows the head of an e-mail, and below it its body, formatted or as plain text."""

    def __init__(self) -> None:
        super().__init__()
        words = {
            "from": self.tr("From"),
            "reply_to": self.tr("Reply to"),
            "to": self.tr("To"),
            "cc": self.tr("Cc"),
            "bcc": self.tr("Bcc"),
            "subject": self.tr("Subject"),
            "at": self.tr("Date"),
            "files": self.tr("Attached"),
        }
        self.head = {key: AccentLabel(wordWrap=True) for key in words}
        self._rows = sized(QFormLayout(), across=16, down=4)
        for key, label in self.head.items():
            name = set_role(QLabel(words[key]), "soft")
            for part in (name, label):  # both, as selectable text is drawn higher
                part.setAlignment(Qt.AlignmentFlag.AlignTop)
                part.setTextFormat(Qt.TextFormat.PlainText)
                part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            give_way(label)
            self._rows.addRow(name, label)
        self.rendered = set_role(InertBrowser(), "paper")
        self.rendered.setAccessibleName(self.tr("The e-mail as its reader sees it"))
        self.text = source_pane(self.tr("The e-mail as plain text"))
        self.pages = QStackedWidget()
        self.choice = Segments(
            self.tr("How the e-mail is shown"),
            [("html", self.tr("Formatted")), ("text", self.tr("Plain text"))],
        )
        self.choice.setMinimumWidth(1)  # its texts may be cut
        self._by_choice: dict[str, QTextEdit | QPlainTextEdit] = {
            "html": self.rendered,
            "text": self.text,
        }
        for page in self._by_choice.values():
            page.setSizeAdjustPolicy(page.SizeAdjustPolicy.AdjustToContents)  # else 192 pixels
            self.pages.addWidget(page)
            page.document().documentLayout().documentSizeChanged.connect(self._fit_page)
        self.choice.chosen.connect(lambda way: self.pages.setCurrentWidget(self._by_choice[way]))
        self.pages.currentChanged.connect(self._fit_page)
        self.note = set_role(Paragraph(self.tr("The e-mail as it would be sent now.")), "soft")
        self.note.hide()
        choosing = Flow()
        choosing.addWidget(self.choice)
        column = sized(QVBoxLayout(self), margins=0, spacing=12)
        column.addWidget(self.note)
        column.addLayout(self._rows)
        column.addLayout(choosing)
        column.addWidget(self.pages, 1)

    def show_mail(self, mail: dict[str, Any]) -> None:
        """Show ``{"from", "to", "subject", "text", "html"}`` and more of an e-mail's head.

        ``from``, ``to``, ``reply_to``, ``cc``, ``bcc``, ``files``, ``at`` and ``remade`` may be
        missing. A ``remade`` message was not sent like this: that is said, and ``at`` is hidden. A
        ``subject_html`` marks missing fields, as ``html`` does.
        """
        is_remade = mail.get("remade", False)
        self.note.setVisible(is_remade)
        at = "" if is_remade else _date_words(mail.get("at"))
        said = {**mail, "at": at}
        said["files"] = files_words(mail.get("files", ()))
        for key, label in self.head.items():
            label.setText(str(said.get(key, "")))
            label.setToolTip(tip(label.text()))  # a long address may be cut
            self._rows.setRowVisible(label, bool(label.text()) or key in _ALWAYS & mail.keys())
        marked, subject = mail.get("subject_html"), self.head["subject"]
        kind = Qt.TextFormat.PlainText if marked is None else Qt.TextFormat.RichText
        subject.setTextFormat(kind)
        subject.setText(str(mail["subject"] if marked is None else marked))
        self.rendered.show_html(str(mail["html"] or ""))
        self.text.setPlainText(str(mail["text"]))
        self._fit_page()

    def show_as(self, way: str) -> None:
        """Show the body as ``html`` or as ``text``."""
        self.choice.set_value(way)
        self.pages.setCurrentWidget(self._by_choice[way])

    def _fit_page(self) -> None:
        """Show the body whole: what holds the view scrolls both together."""
        page = self._by_choice[self.choice.value()]
        lines = page.document().size().height()  # of a plain text, it is their number
        is_plain = isinstance(page, QPlainTextEdit)
        line = page.fontMetrics().lineSpacing() if is_plain else 1
        margin = page.document().documentMargin() if is_plain else 0
        self.pages.setMinimumHeight(ceil(lines * line + 2 * (margin + page.frameWidth())))


class InertBrowser(QTextBrowser):
    """Renders HTML without loading any file or address it names.

    A link shows its address, which can be copied; it is never followed. Font sizes in pixels scale
    with the text of the window.
    """

    def __init__(self) -> None:
        super().__init__()
        self._html = ""
        self._scale = 1.0
        self.setOpenLinks(False)
        self.document().setDocumentMargin(12)
        link = Theme(Scheme.LIGHT).ink("accent").name()  # the paper is always white
        self.document().setDefaultStyleSheet(f"a {{ color: {link}; }}")
        bind_theme(self, "scale", lambda browser, theme: browser.enlarge(theme.scale))

    def show_html(self, html: str) -> None:
        """Show the HTML of an e-mail."""
        self._html = html
        self.document().setIndentWidth(20 * self._scale)  # as mail programs indent lists
        self.setHtml(_TAG.sub(self._enlarged, _as_qt_reads(html)))

    def enlarge(self, scale: float) -> None:
        """Set the scale of the window's text, 1 for the default size."""
        if scale != self._scale:
            self._scale = scale
            self.show_html(self._html)

    def _enlarged(self, tag: re.Match[str]) -> str:
        def larger(size: re.Match[str]) -> str:
            return f"{size[1]}{max(1, round(float(size[2]) * self._scale))}px"  # Qt warns of 0

        return _LETTERS.sub(larger, tag[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys that scroll to what holds the letter, if all of it is in sight."""
        if leaves_scrolling(self, event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the address of the link under the pointer as tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.viewport().mapFromGlobal(event.globalPos())
            QToolTip.showText(event.globalPos(), shown_address(self.anchorAt(at)), self)
            return True
        return super().event(event)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:  # noqa: N802
        """Load nothing."""
        return None


def _as_qt_reads(html: str) -> str:
    """Return the content of a letter's page: Qt knows neither its sections nor some of its styles.

    Any other HTML stays as it is.
    """
    found = _LETTER.search(html)
    if found is None or _DESK not in html:
        return html
    line, content = _LINE.search(html), found[1].replace("text-align:start;", "line-height:140%;")
    content = _HEADING.sub(r"<\1div", content).replace("</table>", f"</table>{_GAP}")
    content = content.replace('<div class="rule"', '<hr><div class="rule"')
    top = _TOP.format(line[1]) + _GAP if line else ""
    return f'{top}<div style="font-size:15px;">{content}</div>'


_HEADING: Final = re.compile(r"<(/?)h[12]\b")
"""A heading, whose letters Qt would enlarge again."""
_DESK: Final = 'class="desk"'
_LETTER: Final = re.compile(r'<div style="font-family:[^"]*">(.*)</div>\s*</td>', re.DOTALL)
_LINE: Final = re.compile(r"border-top:4px solid (#\w{6})")
_TOP: Final = (
    '<table width="100%" cellspacing="0" cellpadding="0"><tr>'
    '<td bgcolor="{}" style="font-size:2px;">&nbsp;</td></tr></table>'
)
_GAP: Final = '<div style="font-size:8px;">&nbsp;</div>'


def shown_address(address: str) -> str:
    """Return a link's address as tooltip, cut to a readable length."""
    cut = address if len(address) <= LONGEST_TIP else f"{address[:LONGEST_TIP]}…"
    return f"<qt>{escape(cut)}</qt>" if cut else ""


def not_filled_in(mail: dict[str, Any]) -> str:
    """Name the empty fields that a preview marks as ``name?``; empty if there are none."""
    marked = ", ".join(mail.get("marked", ()))
    words = QCoreApplication.translate("MessageView", "Not filled in: {}")
    return words.format(marked) if marked else ""


def _date_words(at: str | None) -> str:
    """Return the full time at which a message was sent."""
    left = epoch(at)
    return "" if left is None else whole_moment(left)


def source_pane(name: str) -> QPlainTextEdit:
    """Make a read-only pane of monospaced text; Tab leaves it."""
    pane = in_monospace(QPlainTextEdit(readOnly=True))
    pane.setTabChangesFocus(True)
    pane.setAccessibleName(name)
    return pane
