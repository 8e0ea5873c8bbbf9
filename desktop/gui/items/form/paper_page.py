"""A page of the desk on which an item is written: a bar, a sheet of paper, and a foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.kit.look.appearance import set_font, sized
from desktop.gui.kit.widgets.surfaces import Rule, stacked
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.tasks.detail.desk_page import SHEET, DeskScroll

if TYPE_CHECKING:
    from collections.abc import Sequence


class PaperPage(QWidget):
    """Lays out what is given: on the sheet the ``fields`` above the ``letter``, in one scroll.

    ``lead`` stands above the sheet, ``trouble`` above what is in ``foot``. The bar has the ``name``
    of the page at its beginning, and what is added to ``bar``.
    """

    def __init__(
        self,
        name: str,
        fields: Sequence[QWidget],
        letter: QWidget,
        trouble: QWidget,
        lead: QWidget | None = None,
    ) -> None:
        super().__init__()
        head = sized(QWidget(), height=(48, 34))
        self.name = set_font(ElidedLabel(name), 14)
        self.bar = sized(QHBoxLayout(head), margins=(20, 0, 12, 0), spacing=8)
        self.bar.addWidget(self.name)
        self.fields = sized(QVBoxLayout(), margins=(20, 16, 20, 0), spacing=2)
        for field in fields:
            self.fields.addWidget(field)
        sheet = QFrame()
        sheet.setObjectName("letter")
        stacked(sheet, self.fields, Rule(), letter)
        column = QWidget()
        sized(column, most_width=SHEET)
        sized(stacked(column, *([lead] if lead else []), sheet), spacing=12)
        whole = QWidget()
        across = sized(QHBoxLayout(whole), margins=(20, (8, 4), 20, 20))
        across.addStretch(1)
        across.addWidget(column, 1000, Qt.AlignmentFlag.AlignTop)
        across.addStretch(1)
        self.area = sized(DeskScroll(whole), least_height=(48, 24))
        below = QWidget()
        below.setProperty("area", "bar")
        below.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.foot = sized(QHBoxLayout(), spacing=8)
        rows = sized(QVBoxLayout(below), margins=(12, (12, 2), 20, (12, 2)), spacing=8)
        rows.addWidget(trouble)
        rows.addLayout(self.foot)
        stacked(self, head, self.area, Rule(), below, filling=self.area)
