"""Causes in words: what differs from task to task is left out, the rest says what happened."""

from __future__ import annotations

import pytest

from desktop.contract.causes import CauseAbout, CauseKind
from desktop.contract.reasons import Reason
from desktop.engine.causes import alike, cause_of_reason, title_of
from desktop.engine.reason_data import ServerAnswer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Order 4711 has no rows.", "Order … has no rows."),
        ("<ada@example.org>: no such user", "<…>: no such user"),
        ("No route to 10.0.0.7:25", "No route to …"),
        ("at 2026-11-21T10:02:11Z", "at …"),
        ("id 5f0c1b7a-94d2-e386", "id …"),
        ("queued as A17\n  by mx2.b.org", "queued as … by …"),
        ("mx1.a.org: 550 5.1.1 no 550", "mx1.a.org: 550 5.1.1 no 550"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_numbers_addresses_and_ids_are_left_out(text: str, shown: str) -> None:
    assert alike(text, ServerAnswer("mx1.a.org", 550, "5.1.1")) == shown


def test_a_long_text_takes_no_long_time() -> None:
    assert alike("a." * 100_000)
    assert alike("@" * 100_000)
    assert alike("a1-" * 100_000) == "…-"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_title(reason: Reason) -> None:
    found = cause_of_reason(reason, task="work", answer=ServerAnswer("mx"))
    assert title_of(found.about)


@pytest.mark.parametrize(
    ("about", "title"),
    [
        (CauseAbout(kind=CauseKind.ANSWER, server="mx", code=451), "mx answered 451"),
        (CauseAbout(kind=CauseKind.TIMEOUT, task="work"), "It did not end within its timeout"),
    ],
)
def test_what_has_no_words_of_its_own_is_told_by_its_data(about: CauseAbout, title: str) -> None:
    assert title_of(about) == title
