"""The line below the items that names batches with rows that were not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_rest import left_out
from desktop.gui.widgets.buttons import Link
from desktop.gui.widgets.lists.line_below import LineBelow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch
    from desktop.gui.look.appearance import ThemeSource


class NotSent(NamedTuple):
    """A batch, and how many of its rows were cancelled or left out."""

    batch: int
    name: str
    rows: int


class RowsNotSent(LineBelow):
    """Names the newest such batch while it is wanted; ``batches_wanted`` carries its number.

    A person can hide the line. It comes back for another batch, for more rows, or for a search that
    finds nothing. ``put_away`` carries the hidden number of rows by batch.
    """

    batches_wanted = Signal(int)
    put_away = Signal(object)

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(themes)
        self._told: Sequence[NotSent] = ()
        self._known: Mapping[int, int] = {}
        self._is_wanted = self._is_searched = False
        self.link.setText(self.tr("Show the batch"))
        self.link.clicked.connect(lambda: self.batches_wanted.emit(self._shown[0].batch))
        self.hiding = Link(self.tr("Hide"))
        self.hiding.clicked.connect(self._on_hide_clicked)
        self._row.insertWidget(self._row.count() - 1, self.hiding)

    def tell(self, told: Sequence[NotSent]) -> None:
        """Set the batches with such rows, newest first."""
        self._told = told
        self._show()

    def know(self, known: Mapping[int, int]) -> None:
        """Set what a person has hidden: the number of rows by batch."""
        self._known = known
        self._show()

    def want(self, *, wanted: bool, searched: bool) -> None:
        """Set whether the line fits the items shown, and whether these were searched."""
        self._is_wanted, self._is_searched = wanted, searched
        self._show()

    @property
    def _shown(self) -> Sequence[NotSent]:
        known = {} if self._is_searched else self._known
        return [each for each in self._told if each.rows > known.get(each.batch, 0)]

    def _on_hide_clicked(self) -> None:
        self.know({each.batch: each.rows for each in self._told})
        self.put_away.emit(self._known)

    @property
    def sentence(self) -> str:
        """The line's text while it is wanted, hidden by the person or not."""
        return self._said(self._told) if self._is_wanted else ""

    def _show(self) -> None:
        shown = self._shown
        self.hiding.setHidden(self._is_searched)
        self.setVisible(self._is_wanted and bool(shown))
        if shown:
            self.words.setText(self._said(shown))

    def _said(self, told: Sequence[NotSent]) -> str:
        if not told:
            return ""
        words = self.tr("%Ln rows of “{}” were cancelled or left out.", None, told[0].rows)
        if len(told) > 1:
            words = self.tr(
                "%Ln batches have rows that were cancelled or left out. The newest is “{}”.",
                None,
                len(told),
            )
        return words.format(told[0].name)


def read_not_sent(api: Api) -> list[NotSent]:
    """Find the batches with such rows on the first page of batches."""
    found = [
        NotSent(each["batch_id"], each["name"], _not_sent(each))
        for each in api.batches.page()["batches"]
    ]
    return [each for each in found if each.rows]


def _not_sent(batch: Batch) -> int:
    """Count the rows that a started batch cancelled or left out, without those in later batches."""
    if batch["state"] == BatchState.DRAFT:
        return 0
    later = batch["sent_later"]
    cancelled = batch["counts"]["cancelled"] - (later["count"] if later else 0)
    return max(0, cancelled) + left_out(batch)[0]
