"""The line below the items: how many rows of batches became none, and the way to these."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_rest import left_out
from desktop.gui.widgets.lists.line_below import LineBelow

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.batches import Batch
    from desktop.gui.look.appearance import ThemeSource


class NotSent(NamedTuple):
    """How many ``rows`` were cancelled or left out: in this ``batch``, or 0 for several.

    ``is_exact`` is false where there are more batches than were looked at.
    """

    rows: int = 0
    batch: int = 0
    is_exact: bool = True


class RowsNotSent(LineBelow):
    """Says it while it is ``wanted``; ``batches_wanted`` carries the only batch's number, or 0."""

    batches_wanted = Signal(int)

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(themes)
        self._told = NotSent()
        self._is_wanted = False
        self.link.setText(self.tr("Show the batches"))
        self.link.clicked.connect(lambda: self.batches_wanted.emit(self._told.batch))

    def tell(self, told: NotSent) -> None:
        """Learn how many there are."""
        self._told = told
        self._show()

    def want(self, *, wanted: bool) -> None:
        """Learn whether it belongs to the items that are shown."""
        self._is_wanted = wanted
        self._show()

    def _show(self) -> None:
        rows = self._told.rows
        words = self.tr("%Ln cancelled or left-out rows of batches may not be here.", None, rows)
        if not self._told.is_exact:
            words = self.tr(
                "At least %Ln cancelled or left-out rows of batches may not be here.", None, rows
            )
        self.words.setText(words)
        self.setVisible(self._is_wanted and rows > 0)


def read_not_sent(api: Api) -> NotSent:
    """Count them in the newest batches, by the counts that are kept with these."""
    page = api.batches.page()
    found = {each["batch_id"]: rows for each in page["batches"] if (rows := _not_sent(each))}
    only = next(iter(found)) if len(found) == 1 and page["next"] is None else 0
    return NotSent(sum(found.values()), only, page["next"] is None)


def _not_sent(batch: Batch) -> int:
    """Count the rows of a started batch whose people it has not informed; no later one has them."""
    if batch["state"] == BatchState.DRAFT:
        return 0
    later = batch["sent_later"]
    cancelled = batch["counts"]["cancelled"] - (later["count"] if later else 0)
    return max(0, cancelled) + left_out(batch)[0]
