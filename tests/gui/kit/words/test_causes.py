"""Causes in the window's own words."""

from __future__ import annotations

import pytest

from desktop.contract.causes import CauseAbout, CauseKind, Cure
from desktop.contract.reasons import Reason
from desktop.gui.kit.words.reasons import brief_cause_words, cause_words, cure_words, meaning_of

SAID = "mx refused the recipient: 550 5.1.1 <…>: no such user"
EXCEPTION = CauseAbout(
    kind=CauseKind.EXCEPTION, exception="ValueError", function="invoice", file="shop.py"
)


@pytest.mark.parametrize(
    ("about", "shown"),
    [
        (CauseAbout(kind=CauseKind.ANSWER, server="mx", code=550, text=SAID), SAID),
        (CauseAbout(kind=CauseKind.ANSWER, server="mx", code=550), "title"),
        (EXCEPTION, "ValueError in invoice (shop.py)"),
        ({**EXCEPTION, "text": "row …"}, "ValueError in invoice (shop.py): row …"),
        (CauseAbout(kind=CauseKind.TIMEOUT), "Timed out"),
        (CauseAbout(kind=CauseKind.SAID, text=""), "Different messages"),
        (
            CauseAbout(kind=CauseKind.REASON, reason=Reason.OFFLINE, server="mx"),
            "mx cannot be reached",
        ),
        (CauseAbout(kind=CauseKind.REASON, reason=Reason.OFFLINE, text="No route."), "No route."),
        (CauseAbout(kind=CauseKind.REASON, reason=Reason.NO_ANSWER), "No answer"),
        (
            CauseAbout(kind=CauseKind.REASON, reason=Reason.CUT_SHORT, server="mx"),
            "The program ended before mx answered",
        ),
        (
            CauseAbout(kind=CauseKind.REASON, reason=Reason.QUEUE_HELD, server="mx", code=535),
            "mx refused the user name or password (535)",
        ),
        (CauseAbout(kind="of a later version"), "title"),
    ],
)
def test_a_cause_is_told_from_its_data(about: CauseAbout, shown: str) -> None:
    assert cause_words(about, "title") == shown


def test_a_cell_begins_with_what_tells_a_cause_from_others() -> None:
    """All of them began with the name of the server."""
    told = "The address does not exist"
    about = CauseAbout(kind=CauseKind.ANSWER, server="mx", code=550, text=SAID)
    assert brief_cause_words({**about, "said": "550 5.1.1 no such user"}, "title") == told
    assert brief_cause_words(about, "title") == SAID  # of a store that an older version made
    assert brief_cause_words(EXCEPTION, "title") == cause_words(EXCEPTION, "title")


def test_every_cure_has_words() -> None:
    assert len({cure_words(cure) for cure in (*Cure, None)}) == len(Cure) + 1
    assert all(cure_words(cure) for cure in (*Cure, None))
    assert cure_words("of a later version") == ""


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("550 5.1.1 <ada@example.org> unknown", "The address does not exist"),
        ("553 no mailbox here by that name", "The address does not exist"),
        ("552 5.2.2 over quota", "The mailbox is full"),
        ("451 4.7.1 Greylisted", "The server asks to try again later"),
        ("450 4.1.1 unverified", "The server asks to try again later"),
        ("550 blocked, see https://example.org", ""),
        ("550 5.7.1 spam", ""),
        ("No such person", ""),
    ],
)
def test_an_answer_is_told_in_plain_words_where_its_codes_tell(said: str, means: str) -> None:
    assert meaning_of(said) == means
