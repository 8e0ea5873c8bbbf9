"""Following: how far a bulk call has come, and its end before that."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop.contract.refusals import Refusal
from desktop.contract.tasks import BulkAnswer, BulkProgress, Skipped
from desktop.engine.errors import UnknownKey
from desktop.engine.store.tables import statements
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.submit.idempotency import amend


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bulk call has come; as JSON it is what its key has instead of an answer."""

    last: int  # of what was chosen first; tasks that come later are not meant
    action: str = ""
    total: int = 0  # tasks that were chosen first
    judged: int = 0  # of these
    beyond: int = 0
    touched: int = 0
    stopping: int = 0  # of those touched: they run and were asked to stop
    skipped: Mapping[str, int] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)  # by the sentence in ``skipped``
    freed: Sequence[str] = ()  # held queues that a retry let go on
    retried: Sequence[str] = ()  # causes that it has tried again
    added: Sequence[Sequence[int]] = ()  # the first and the last of numbers in a row

    def answer(self) -> BulkAnswer:
        """Tell what was done, with the new tasks where there may be some."""
        skipped = [
            Skipped(why=why, count=count, refusal=self.refusals.get(why, Refusal.OTHER.value))
            for why, count in Counter(self.skipped).most_common()
        ]
        answer = BulkAnswer(touched=self.touched, skipped=skipped)
        if self.stopping:
            answer["stopping"] = self.stopping
        if self.action == "resend":
            answer["ids"] = [n for first, last in self.added for n in range(first, last + 1)]
        return answer


def progress_of(group: Group, key: str) -> BulkProgress:
    """Tell how far the bulk call with this key is; ``UnknownKey``."""
    kept = _kept(group, key)[1]
    if "beyond" in kept:
        done, total = kept.get("judged", 0), kept.get("total", 0)
        return BulkProgress(done=done, total=total, touched=kept["touched"], is_over=False)
    done = kept["touched"] + sum(left["count"] for left in kept["skipped"])
    return BulkProgress(done=done, total=done, touched=kept["touched"], is_over=True)


def stop_bulk(group: Group, key: str) -> BulkProgress:
    """Have the bulk call with this key end where it is; tells how far that was. ``UnknownKey``."""
    body_hash, kept = _kept(group, key)
    if "beyond" in kept:
        amend(group, Idempotency(key, body_hash), Progress(**kept).answer())
    return progress_of(group, key)


def _kept(group: Group, key: str) -> tuple[str, dict[str, Any]]:
    row = group.cursor.execute(statements.ANSWER, (key,)).fetchone()
    kept = json.loads(row[1]) if row else None
    if not isinstance(kept, dict) or "touched" not in kept:
        raise UnknownKey(key)
    return row[0], kept
