"""The judge of a batch finds what a broken promise looks like."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.campaign.spreadsheets.batch import judge_rows

if TYPE_CHECKING:
    from desktop.contract.batches import BatchRow
    from tests.campaign.judge import Verdict


def judged(received: str, *outcomes: str, missing: int = 0, **counts: int) -> Verdict:
    """Judge rows whose messages are a, b, c, …; ``received`` has a letter for each that came."""
    rows: Any = [
        {"row": n, "outcome": outcome, "message_id": "abc"[n]} for n, outcome in enumerate(outcomes)
    ]
    told = {**Counter(outcomes), **counts}
    whole = {
        name: told.get(name, 0)
        for name in ("left_out", "open", "sent", "kept", "failed", "uncertain", "cancelled")
    }
    given = cast("list[BatchRow]", rows)
    return judge_rows(3, given, whole, Counter(received), missing, sound=True)


def test_what_was_promised_is_kept() -> None:
    verdict = judged("abc", "sent", "sent", "uncertain")
    assert verdict.kept(in_flight=1)
    assert (verdict.mails, verdict.uncertain, verdict.arrived) == (2, 1, 1)
    assert not verdict.kept(in_flight=0)


@pytest.mark.parametrize(
    "verdict",
    [
        judged("ab", "sent", "sent", "sent"),
        judged("ab", "sent", "sent"),
        judged("ab", "sent", "sent", "open"),
        judged("abcc", "sent", "sent", "sent"),
        judged("abcd", "sent", "sent", "sent"),
        judged("abc", "sent", "sent", "sent", missing=1),
        judged("abc", "sent", "sent", "sent", failed=1),
    ],
    ids=["not received", "no row", "still open", "twice", "unknown", "draft", "count"],
)
def test_each_broken_promise_is_seen(verdict: Verdict) -> None:
    assert not verdict.kept(in_flight=16)
