"""What became of every accepted item: read from the store, the sink and the record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.campaign.stored import is_sound, read

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.campaign.stored import Store

_TASKS: Final = """
    SELECT t.item_id, f.name, t.state, t.reference,
           (SELECT count(*) FROM attempts a WHERE a.task_id = t.id
             AND a.outcome IN ('crashed', 'given back'))
      FROM tasks t JOIN functions f ON f.id = t.function
"""


@dataclass(frozen=True)
class Verdict:
    """Counts of items and mails.

    ``lost``: accepted, and neither done nor uncertain. ``twice``: mails beyond the first, and mails
    no task knows. ``uncertain``: of these ``arrived`` had reached the server. ``repeated``: runs of
    *record* beyond the first; ``unexplained`` are those of them that no attempt cut short explains.
    """

    accepted: int
    lost: int
    mails: int
    twice: int
    uncertain: int
    arrived: int
    repeated: int
    unexplained: int
    sound: bool

    def kept(self, in_flight: int) -> bool:
        """Whether every promise was kept, where at most so many mails were in flight at a fault."""
        broken = self.lost or self.twice or self.unexplained
        return self.sound and not broken and self.uncertain <= in_flight


def judge(
    store: Store, accepted: Collection[int], received: Counter[str], records: list[int]
) -> Verdict:
    """Compare what was answered with what was done; the backend has ended."""
    rows = read(store, _TASKS)
    mails = {item: row for item, name, *row in rows if name == "send_confirmation_email"}
    notes = {item: row for item, name, *row in rows if name == "record"}
    runs = Counter(records)
    uncertain = [reference for state, reference, _ in mails.values() if state == "uncertain"]
    done = [reference for state, reference, _ in mails.values() if state == "succeeded"]
    known = {reference for _, reference, _ in mails.values()}
    lost = sum(
        item not in mails
        or item not in notes
        or mails[item][0] not in ("succeeded", "uncertain")
        or (mails[item][0] == "succeeded" and not received[mails[item][1]])
        or notes[item][0] != "succeeded"
        or not runs[item]
        for item in accepted
    )
    return Verdict(
        accepted=len(accepted),
        lost=lost,
        mails=len(done),
        twice=sum(n - 1 if message in known else n for message, n in received.items()),
        uncertain=len(uncertain),
        arrived=sum(bool(received[message]) for message in uncertain),
        repeated=sum(n - 1 for n in runs.values()),
        unexplained=sum(
            max(0, n - 1 - (notes[item][2] if item in notes else 0)) for item, n in runs.items()
        ),
        sound=is_sound(store),
    )
