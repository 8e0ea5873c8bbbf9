"""The numbers of a batch's rows: how many became what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.contract.batch_condition import row_numbers
from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_words import headline
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from desktop.contract.batches import Batch

STEADY: Final = frozenset({"sent", "to_come", "failed"})
"""The numbers that are shown even if they are 0."""
_RARE: Final = frozenset({"failed", "uncertain", "marked", "bounced", "cancelled"})
_INKS: Final = {"failed": "failed", "bounced": "failed", "uncertain": "uncertain"}
_WORST: Final = ("failed", "uncertain")


class Number(NamedTuple):
    """How many rows of a started batch became what; ``verb`` shows them."""

    verb: str
    word: str
    rows: int

    @property
    def ink(self) -> str:
        """The token of its colour."""
        return _INKS.get(self.verb, "soft text")


def numbers(batch: Batch) -> list[Number]:
    """Return the numbers of rows of a started batch, in a fixed order.

    Those in ``STEADY`` are there as long as any other is, so sending does not move them; in
    practice mode *kept* replaces *sent*. The last one was never to be sent.
    """
    found = row_numbers(batch)
    if found["kept"] and not found["sent"]:
        del found["sent"]
    if not any(found.values()):
        return []
    words = {verb: say("batch_rows", verb) for verb in found}
    if problems := batch["counts"]["problems"]:
        words["left_out"] = say("batch_rows", "left_out_some", n=problems)
    return [Number(verb, words[verb], n) for verb, n in found.items() if n or verb in STEADY]


def exceptions(batch: Batch) -> tuple[str, str]:
    """Say in a cell how many were not sent, or may not be, in the colour of the worst of them.

    Of the rows that were left out, only those that need a look count.
    """
    problems = batch["counts"]["problems"]
    need_look = say("batch_rows", "need_look", n=problems)
    if batch["state"] == BatchState.DRAFT:
        return (need_look, "failed") if problems else ("", "soft text")
    found = [
        each
        for each in numbers(batch)
        if each.rows and each.verb not in {"to_come", "sent", "left_out"}
    ]
    said = [f"{figure(each.rows)} {each.word}" for each in found]
    if problems:
        said.append(need_look)
    if put_off := batch["leaves"]["put_off"]:
        said.append(say("batch_rows", "postponed", n=put_off["count"] or 0))
    inks = [each.ink for each in found]
    return " · ".join(said), next((ink for ink in _WORST if ink in inks), "soft text")


def progress(batch: Batch, now: float) -> str:
    """Say a batch's progress in one line, with what was not sent: no explanation follows."""
    rest = [
        f"{figure(each.rows)} {each.word}"
        for each in numbers(batch)
        if each.rows and each.verb in _RARE
    ]
    return " · ".join([headline(batch, now), *rest])
