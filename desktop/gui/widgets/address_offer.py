"""Offers the addresses that a typed text may mean: one click takes one."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.contract.rules.mailbox import addresses_meant
from desktop.contract.rules.text import trimmed
from desktop.gui.widgets.buttons import Link
from desktop.gui.widgets.flow import Flow, drop
from desktop.gui.widgets.texts import tip

OFFERED: Final = 3
"""Addresses that are offered at most."""
LETTERS: Final = 32
"""Letters of a longer address that are shown; the tooltip has all."""


class AddressOffer(QWidget):
    """Is shown only while a text means something else; ``chosen`` carries the address taken."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._offered: list[str] = []
        self._words = QLabel(self.tr("Did you mean"))
        self._words.setProperty("role", "waiting")
        self._flow = Flow(self)
        self._flow.addWidget(self._words)
        self.links: list[Link] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_for(self, text: str) -> None:
        """Offer what a text may mean, or nothing."""
        offered = addresses_meant(trimmed(text))[:OFFERED]
        if offered != self._offered:
            self._offered = offered
            for link in self.links:
                self._flow.removeWidget(link)
                drop(link)
            self.links = [self._link(address) for address in offered]
            for link in self.links:
                self._flow.addWidget(link)
        self.setVisible(bool(offered))

    def _link(self, address: str) -> Link:
        cut = len(address) > LETTERS
        link = Link(f"{address[: LETTERS - 1]}…" if cut else address)
        link.setToolTip(tip(address) if cut else "")
        link.setAccessibleName(self.tr("Did you mean {}? Use it").format(address))
        link.clicked.connect(partial(self.chosen.emit, address))
        return link
