"""The letterhead in the editor: logo, name, second line, colour and signature of all letters."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QImageReader, QImageWriter, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.rules.letters import COLOUR, LOGO_LIMIT, LOGO_SIDE
from desktop.gui.kit.look.appearance import bind_theme, set_role, sized
from desktop.gui.kit.look.theme import Scheme, Theme
from desktop.gui.kit.widgets.buttons import IconButton, Link
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.files import choose_files
from desktop.gui.kit.widgets.texts import Feedback, Paragraph
from desktop.gui.kit.words.plurals import size_words
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from sendoff_tasks.model.problems import FieldError

translate = QCoreApplication.translate
LETTERHEAD: Final = "/letterhead"
"""Stands for the letterhead among the names of templates, none of which has a slash."""
OFFERED: Final = ("accent", "succeeded", "failed", "scheduled", "text")
"""Tokens of the colours that are offered after those of the logo."""


class NotAPicture(Exception):
    """A file is no picture that can be read."""

    def __init__(self) -> None:
        super().__init__(
            translate("templates", "This file is not a picture that can be read. Choose another.")
        )


def logo_of(path: str) -> str:
    """Read a picture as a logo: a PNG in base64, as large as letters take; ``NotAPicture``."""
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    picture = reader.read()
    if picture.isNull():
        raise NotAPicture
    side = min(LOGO_SIDE, max(picture.width(), picture.height()))
    while True:
        size = picture.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        size = size.expandedTo(QSize(1, 1))
        mode = Qt.TransformationMode.SmoothTransformation
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        scaled = picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        QImageWriter(buffer, QByteArray(b"PNG")).write(scaled)
        content = bytes(buffer.data().data())
        if len(content) <= LOGO_LIMIT:
            return b64encode(content).decode()
        side = side * 3 // 4


def colours_of(picture: QImage) -> list[str]:
    """Return the colours that a picture has most of, without white, black and greys."""
    small = picture.scaled(24, 24).convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [small.pixelColor(x, y) for x in range(small.width()) for y in range(small.height())]
    strong = [each for each in pixels if each.alpha() > 200 and each.saturation() > 60]
    kinds = Counter((each.red() >> 5, each.green() >> 5, each.blue() >> 5) for each in strong)
    found = []
    for kind, count in kinds.most_common(3):
        alike = [p for p in strong if (p.red() >> 5, p.green() >> 5, p.blue() >> 5) == kind]
        if count * 20 >= len(strong):
            found.append(Counter(p.name().upper() for p in alike).most_common(1)[0][0])
    return found


class Swatch(QPushButton):
    """A colour to choose, as on paper; the chosen one has a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.colour = ""
        self.setCheckable(True)
        set_role(sized(self, width=32), "swatch").setCursor(Qt.CursorShape.PointingHandCursor)
        bind_theme(self, "size", lambda each, theme: each.setIconSize(QSize(*[theme.px(20)] * 2)))

    def show_colour(self, colour: str) -> None:
        """Offer a colour."""
        self.colour = colour
        self.setAccessibleName(colour)
        self.setToolTip(colour)
        disc = QPixmap(64, 64)
        disc.fill(QColor(colour))
        self.setIcon(disc)


class LetterheadForm(QWidget):
    """Edits what all letters share.

    ``edited`` is emitted on changes by the person; ``logo_chosen`` carries the path of a picture,
    answered by :meth:`set_logo` or :meth:`show_no_logo`.
    """

    edited = Signal()
    logo_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._logo: str | None = None
        self.discs = [Swatch() for _ in OFFERED]
        discs = QWidget()
        row = sized(QHBoxLayout(discs), margins=0, spacing=4)
        for disc in self.discs:
            row.addWidget(disc)
            disc.clicked.connect(lambda _=False, disc=disc: self._choose(disc.colour))
        row.addStretch(1)
        self.about = set_role(Paragraph(), "soft")
        self.change = Link("")
        self.remove = IconButton(self.tr("Remove the logo"), "x", width=28)
        self.fields = {
            "name": Field(self.tr("Name beside it"), lambda _: None),
            "line": Field(self.tr("Second line"), lambda _: None),
            "colour": Field(
                self.tr("Colour of line and links"),
                self._colour_problem,
                placeholder=self.tr("None"),
                beside=discs,
            ),
            "signature": Field(
                self.tr("Signature"),
                lambda _: None,
                multiline=True,
                placeholder=self.tr("**Bold** between two stars"),
            ),
        }
        sized(self.fields["signature"].editor, height=96)
        self.error = Feedback()
        self._lay_out()
        for field in self.fields.values():
            field.edited.connect(self._on_edited)
        self.change.clicked.connect(self._on_change)
        self.remove.clicked.connect(lambda: self.set_logo(None))

    def parts(self) -> dict[str, Any]:
        """Return the letterhead as the API takes it."""
        return {**{key: field.text() for key, field in self.fields.items()}, "logo": self._logo}

    def show_parts(self, parts: dict[str, Any]) -> None:
        """Show a letterhead without emitting ``edited``."""
        for key, field in self.fields.items():
            field.set_text(str(parts[key]))
        self._show_logo(parts["logo"])
        self.clear_errors()

    def set_logo(self, logo: str | None) -> None:
        """Use a PNG in base64, or none."""
        self._show_logo(logo)
        if logo is not None and not self.fields["colour"].text():
            self.fields["colour"].set_text(self.discs[0].colour)
        self._on_edited()

    def show_no_logo(self, error: Exception) -> None:
        """Say why a picture is not the logo."""
        self.error.say(str(error), "error")

    def clear_errors(self) -> None:
        """Remove the errors."""
        self.error.say("")
        for field in self.fields.values():
            field.clear_error()

    def check(self) -> bool:
        """Check the colour, show its error, and tell whether there is none."""
        return self.fields["colour"].check()

    def show_error(self, error: FieldError) -> bool:
        """Show an error of the API at its field; tell whether there is such a field."""
        part = error["path"].removeprefix("letterhead.")
        if part == "logo":
            self.error.say(error["message"], "error")
        elif part in self.fields:
            self.fields[part].show_error(error["message"])
        return part == "logo" or part in self.fields

    def _lay_out(self) -> None:
        said = set_role(Paragraph(), "soft")
        keeps = self.tr("Planned e-mails keep the old one, unless you say so.")
        said.setText(sentences(self.tr("One look for all letters."), keeps))
        frame = QFrame()
        frame.setObjectName("drop")
        row = sized(QHBoxLayout(frame), margins=(12, 8, 12, 8), spacing=12)
        row.addWidget(self.about, 1)
        row.addWidget(self.change)
        row.addWidget(self.remove)
        lines = sized(QGridLayout(), spacing=12)
        for at, key in enumerate(("name", "line")):
            lines.addWidget(self.fields[key], 0, at, Qt.AlignmentFlag.AlignTop)
        sized(self.fields["colour"].editor, width=104)
        dark = set_role(Paragraph(), "soft")
        dark.setText(self.tr("Links are darkened until they can be read on white."))
        column = sized(QVBoxLayout(self), margins=(0, 0, 0, 16), spacing=12)
        column.addWidget(said)
        column.addLayout(logo := sized(QVBoxLayout(), spacing=4))
        logo.addWidget(set_role(QLabel(self.tr("Logo")), "soft"))
        logo.addWidget(frame)
        logo.addWidget(self.error)
        column.addLayout(lines)
        column.addWidget(self.fields["colour"])
        column.addWidget(dark)
        column.addWidget(self.fields["signature"])
        column.addStretch(1)

    def _show_logo(self, logo: str | None) -> None:
        self._logo = logo
        content = b64decode(logo or "")
        picture = QImage.fromData(content) if content else QImage()
        words = self.tr("{} × {}, goes inside each e-mail, {}")
        size = picture.width(), picture.height(), size_words(len(content))
        self.about.setText(words.format(*size) if content else self.tr("No logo"))
        self.change.setText(self.tr("Change…") if content else self.tr("Choose…"))
        self.remove.setVisible(bool(content))
        self._offer(colours_of(picture) if content else [])

    def _offer(self, colours: list[str]) -> None:
        """Offer the colours of the logo, then some others."""
        light = Theme(Scheme.LIGHT)
        others = (light.color(token).name().upper() for token in OFFERED)
        offered = dict.fromkeys([*colours, *others])
        for disc, colour in zip(self.discs, offered, strict=False):
            disc.show_colour(colour)
        self._show_colour()

    def _choose(self, colour: str) -> None:
        self.fields["colour"].set_text(colour)
        self._on_edited()

    def _on_edited(self) -> None:
        self.error.say("")
        self._show_colour()
        self.edited.emit()

    def _show_colour(self) -> None:
        for disc in self.discs:
            disc.setChecked(disc.colour == self.fields["colour"].text().strip().upper())

    def _on_change(self) -> None:
        mode, title = QFileDialog.FileMode.ExistingFile, self.tr("Choose a logo")
        choose_files(self, title, lambda paths: self.logo_chosen.emit(paths[0]), mode)

    def _colour_problem(self, text: str) -> str | None:
        is_right = not text or COLOUR.fullmatch(text)
        return None if is_right else say("template_fault", "colour")
