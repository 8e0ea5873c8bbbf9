"""The line that says how a spreadsheet is read: its sheet, header row and encoding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import CheckBox, Link
from desktop.gui.kit.widgets.choice import Choice, Segments
from desktop.gui.kit.widgets.field import editor_label
from desktop.gui.kit.widgets.texts import AccentLabel
from desktop.gui.kit.words.system_locale import locale_name, writings
from desktop.sheets import ENCODINGS, Kind, SheetChoice

if TYPE_CHECKING:
    from desktop.sheets import Description, Writing

ROWS_OFFERED: Final = 10
"""Number of first rows that are offered as the header."""
NO_HEADER: Final = "0"
_ALPHABETS: Final = {
    "utf-8": QT_TRANSLATE_NOOP("sheets", "Unicode (UTF-8)"),
    "cp1252": QT_TRANSLATE_NOOP("sheets", "Western Europe (Windows-1252)"),
    "cp1250": QT_TRANSLATE_NOOP("sheets", "Central Europe (Windows-1250)"),
    "cp1251": QT_TRANSLATE_NOOP("sheets", "Cyrillic (Windows-1251)"),
    "cp1253": QT_TRANSLATE_NOOP("sheets", "Greek (Windows-1253)"),
    "cp1254": QT_TRANSLATE_NOOP("sheets", "Turkish (Windows-1254)"),
    "cp1255": QT_TRANSLATE_NOOP("sheets", "Hebrew (Windows-1255)"),
    "cp1256": QT_TRANSLATE_NOOP("sheets", "Arabic (Windows-1256)"),
    "koi8_r": QT_TRANSLATE_NOOP("sheets", "Cyrillic (KOI8-R)"),
    "cp866": QT_TRANSLATE_NOOP("sheets", "Cyrillic (DOS)"),
    "cp1257": QT_TRANSLATE_NOOP("sheets", "Baltic (Windows-1257)"),
    "iso8859_2": QT_TRANSLATE_NOOP("sheets", "Central Europe (ISO 8859-2)"),
    "cp850": QT_TRANSLATE_NOOP("sheets", "Western Europe (DOS)"),
    "cp852": QT_TRANSLATE_NOOP("sheets", "Central Europe (DOS)"),
    "mac_roman": QT_TRANSLATE_NOOP("sheets", "Western Europe (Mac)"),
    "utf-16": QT_TRANSLATE_NOOP("sheets", "Unicode (UTF-16)"),
    "cp932": QT_TRANSLATE_NOOP("sheets", "Japanese (Shift JIS)"),
    "euc_jp": QT_TRANSLATE_NOOP("sheets", "Japanese (EUC-JP)"),
    "gb18030": QT_TRANSLATE_NOOP("sheets", "Simplified Chinese (GB 18030)"),
    "big5": QT_TRANSLATE_NOOP("sheets", "Traditional Chinese (Big5)"),
    "euc_kr": QT_TRANSLATE_NOOP("sheets", "Korean (EUC-KR)"),
}


class ReadAs(QWidget):
    """A line that says how the file is read; *Change…* opens the choices.

    If several encodings are likely, it shows a word as each of them reads it, to choose from.

    ``chosen`` carries the :class:`SheetChoice` with which to read the file again.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._words = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._words.setProperty("role", "soft")
        self.change = Link(self.tr("Change…"))
        self.change.setToolTip(self.tr("Read another sheet, or the file in another way"))
        self.change.setAccessibleName(self.tr("Change how the file is read"))
        self.sheet = Choice(self.tr("Sheet"))
        self.header = Choice(self.tr("Header"))
        self.encoding = Choice(self.tr("Encoding"))
        self.numbers = Choice(self.tr("Numbers and dates"))
        self._writings: dict[str, Writing] = {}
        self.readings: Segments | None = None
        self._readings: dict[str, str] = {}
        self.each = CheckBox("")
        # Its text must not widen the pane.
        self.each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.each.setToolTip(
            self.tr(
                "Each further address of a cell is a row of its own, below the last row of the"
                " spreadsheet. Without it, such a row needs a look."
            )
        )
        self.each.hide()
        self.visible = CheckBox(self.tr("Leave out hidden rows"))
        self.visible.hide()
        self._about = QLabel(
            self.tr(
                "Another choice reads the file again. A correction is kept while the value it"
                " replaces stays the same."
            ),
            wordWrap=True,
        )
        self._about.setProperty("role", "soft")
        self._lay_out()
        self.change.clicked.connect(self._on_change)
        self.another.clicked.connect(self._on_another)
        for choices in (self.sheet, self.header, self.encoding, self.numbers):
            choices.chosen.connect(lambda _: self.chosen.emit(self.choice()))
        for tick in (self.each, self.visible):
            tick.clicked.connect(lambda _: self.chosen.emit(self.choice()))

    def show_description(self, found: Description) -> None:
        """Show how a file was read."""
        parts = []
        if found.sheet is not None and len(found.sheets) > 1:
            parts.append(self.tr("Sheet “{}”").format(found.sheet))
        if found.header:
            parts.append(self.tr("Header in row {}").format(found.header))
        else:
            parts.append(self.tr("No header"))
        if found.encoding is not None:
            parts.append(_alphabet(found.encoding))
        elif found.kind is not Kind.ODS:  # it has its own texts
            parts.append(found.writing.example)
        self._words.setText(" · ".join(parts))
        self.each.setChecked(found.each_address)
        self.visible.setChecked(found.visible_only)
        self.visible.setVisible(bool(found.hidden_rows))
        self._offer(found)
        self.show()

    def show_further(self, count: int) -> None:
        """Offer a row for each address if cells have ``count`` addresses after their first one."""
        self.each.setText(self.tr("Send to each address of a cell (%Ln more rows)", None, count))
        self.each.setVisible(count > 0)

    def close_choices(self) -> None:
        """Hide the choices and show the line only, for another file."""
        self._show_readings({})
        self._asked.hide()
        self.change.show()

    def choice(self) -> SheetChoice:
        """Return the chosen sheet, header row, encoding, and way of numbers and dates."""
        return SheetChoice(
            self.sheet.value() or None,
            int(self.header.value()),
            self.encoding.value() or None,
            self._writings[self.numbers.value()],
            each_address=self.each.isChecked(),
            visible_only=self.visible.isChecked(),
        )

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._words, 1)
        line.addWidget(self.change)
        self._asked = QWidget()
        row = sized(QHBoxLayout(), spacing=12)
        every = (self.sheet, self.header, self.encoding, self.numbers)
        self._choices = {each: _labelled(each) for each in every}
        for labelled in self._choices.values():
            row.addWidget(labelled, 1)
        below = sized(QVBoxLayout(self._asked), margins=0, spacing=4)
        below.addLayout(row)
        below.addWidget(self._about)
        self._asked.hide()
        whole = sized(QVBoxLayout(self), margins=0, spacing=8)
        whole.addLayout(line)
        self._which = QHBoxLayout()
        self._ask = AccentLabel(self.tr("Which one is right?"), wordWrap=True)
        self._which.addWidget(self._ask, 1)
        self.another = Link(self.tr("Another encoding…"))
        self.another.setToolTip(self.tr("None of these is right: choose from all encodings"))
        self._which.addWidget(self.another)
        whole.addLayout(self._which)
        for part in (self._asked, self.each, self.visible):
            whole.addWidget(part)
        self._show_readings({})

    def _offer(self, found: Description) -> None:
        self.sheet.set_choices([(sheet, sheet) for sheet in found.sheets])
        self.sheet.set_value(found.sheet or "")
        last = max(ROWS_OFFERED, found.header)
        rows = [(str(row), self.tr("Row {}").format(row)) for row in range(1, last + 1)]
        self.header.set_choices([*rows, (NO_HEADER, self.tr("No header"))])
        self.header.set_value(str(found.header))
        if found.encoding is not None:
            # They stay while one of them is chosen, so that the person can go back.
            if found.readings or found.encoding not in self._readings:
                self._show_readings(found.readings)
            if self.readings is not None:
                self.readings.set_value(found.encoding)
            names = dict.fromkeys([found.encoding, *self._readings, *ENCODINGS])
            self.encoding.set_choices([(name, _alphabet(name)) for name in names])
            self.encoding.set_value(found.encoding)
        self._writings = writings(found.writing)
        offered = [(name, _way(each)) for name, each in self._writings.items()]
        self.numbers.set_choices(offered)
        self.numbers.set_value(found.writing.locale)
        self._choices[self.sheet].setVisible(len(found.sheets) > 1)
        self._choices[self.encoding].setVisible(found.encoding is not None)

    def _show_readings(self, readings: dict[str, str]) -> None:
        self._readings = readings
        self._ask.setVisible(bool(readings))
        self.another.setVisible(bool(readings))
        if self.readings is not None:
            self.readings.hide()
            self.readings.deleteLater()
            self.readings = None
        if readings:
            self.readings = Segments(self._ask.text(), [*readings.items()])
            self.readings.chosen.connect(self._on_reading)
            self._which.insertWidget(1, self.readings)

    def _on_reading(self, encoding: str) -> None:
        self.encoding.set_value(encoding)
        self.chosen.emit(self.choice())

    def _on_another(self) -> None:
        self._on_change()
        self.encoding.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_change(self) -> None:
        self._asked.show()
        self.change.hide()
        first = self.header if self._choices[self.sheet].isHidden() else self.sheet
        first.setFocus(Qt.FocusReason.OtherFocusReason)


def _labelled(choices: Choice) -> QWidget:
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(editor_label(choices.accessibleName(), choices))
    column.addWidget(choices)
    return both


def _way(writing: Writing) -> str:
    """Name a way of numbers and dates, with an example."""
    name = locale_name(writing.locale)
    return f"{name} · {writing.example}" if name else writing.example


def _alphabet(name: str) -> str:
    words = _ALPHABETS.get(name)
    return QCoreApplication.translate("sheets", str(words)) if words is not None else name.upper()
