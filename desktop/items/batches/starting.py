"""Starting: the rows of a draft may leave from now on, as the limits allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from desktop.contract.batches import RowCheck
from desktop.engine.clock import to_ms
from desktop.engine.errors import Conflict
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.pending import PendingRecords
from desktop.engine.verbs.submit import recall, remember
from desktop.items.batches.drafting import check_drafts_again
from desktop.items.batches.rows import COUNT_OF, read_batch, read_draft, state_of
from desktop.items.batches.under_way import write_batch
from desktop.items.item_numbers import count_on_from
from desktop.items.tables.batch_records import BatchRecord

UNCHECKED: Final = "Rows still being checked: {}. Start the batch once none is."


@dataclass(frozen=True, slots=True)
class StartOptions:
    """Which rows to send besides the ready ones; nothing leaves for ``delay`` s."""

    leave_changed: bool = False
    send_same: bool = False
    delay: float = 0

    @property
    def sends(self) -> list[RowCheck]:
        """The checks of the rows that are sent."""
        changed = [] if self.leave_changed else [RowCheck.CHANGED]
        return [RowCheck.READY, *changed, *([RowCheck.SAME] if self.send_same else [])]


def start(
    group: Group,
    number: int,
    options: StartOptions,
    key: Idempotency | None = None,
    *,
    highest: int = 0,
) -> BatchRecord:
    """Start a draft; raise ``Conflict`` while rows are unchecked, or if it was started before.

    The rows of other drafts are checked again, because they may be the same. Its own rows do not
    change: ``feeding`` makes the items, a few in each group. ``highest`` is the highest number they
    bring; a new item must not take the number of a row that waits.
    """
    if recall(group, key) is not None:
        return read_batch(group, number)
    batch = read_draft(group, number)
    unchecked = batch.rows - sum(getattr(batch, name) for name in COUNT_OF.values())
    if unchecked:
        raise Conflict(UNCHECKED.format(unchecked))
    batch.sends = " ".join(options.sends)
    batch.open = sum(getattr(batch, COUNT_OF[check]) for check in options.sends)
    batch.left_out = batch.rows - batch.open
    batch.fed_to = 0
    batch.started_at = batch.changed_at = group.now
    batch.grace_until = group.now + to_ms(options.delay) if options.delay else 0
    batch.state = state_of(batch)
    batch.finished_at = None if batch.open else group.now
    write_batch(group, batch)
    group.part(PendingRecords).take_out_batch(group, number)
    count_on_from(group, highest)
    check_drafts_again(group, but=number)
    group.more = True
    remember(group, key, number)
    return batch
