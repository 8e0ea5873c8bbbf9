"""What is said of a batch, in its row and below it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from desktop.gui.batches.batch_numbers import exceptions, numbers
from desktop.gui.batches.batch_verbs import cancelled_words
from desktop.gui.batches.batch_words import (
    condition,
    done_at,
    explanation,
    headline,
    is_limited,
    look_of,
    next_words,
    progress,
    sent_words,
    share_sent,
    times_words,
)
from desktop.gui.batches.draft_words import about_draft
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch

pytestmark = pytest.mark.usefixtures("qapp")
NOW = 0.0


def exception_words(batch: Any) -> str:
    return "".join(words for words, _ in exceptions(batch))


def at(seconds: float) -> str:
    return wire_time(round((time.time() + seconds) * 1000))


def held(reason: str, **data: Any) -> dict[str, Any]:
    return {"reason": reason, "reason_data": data}


TEMPLATE = {"cause": "c", "title": "", "about": {"kind": "reason"}, "count": 3}
TEMPLATE |= {"cure": "edit_template"}
KEPT = "{} kept"
AGAIN = {"server": "mx", "code": 451, "said": "451 Greylisted", "count": 2}
CONDITIONS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "paused": ({"state": "paused"}, "Paused", "", "7 e-mails wait until they"),
    "all_paused": (held("all_paused"), "Paused", "", "7 e-mails wait until"),
    "offline": (
        held("offline", server="mx"),
        *("Waiting", "for the connection"),
        "There is no connection to mx. 7 e-mails are to come.",  # some may be for later
    ),
    "quota": (
        held("quota", server="mx", until=at(900)),
        *("Waiting", "again ", "7 e-mails wait until mx takes more. Sendoff tries again at "),
    ),
    "postponed": (
        {**held("retry_later", until=at(900)), "put_off": {**AGAIN, "until": at(900)}},
        *("Waiting", "again ", "mx postponed 2 e-mails. Sendoff tries again "),
    ),
    "unsettled": (
        held("unsettled"),
        *("Waiting", "for a decision", "7 e-mails wait until it is known whether earlier ones"),
    ),
    "ready": (
        held("held_for_person", fixed=True),
        *("Ready", "", "7 e-mails are ready to be sent."),
    ),
    "held": (
        held("held_for_person", text="No fee."),
        *("On hold", "", "7 e-mails are on hold. No fee."),
    ),
    "scheduled": (
        dict.fromkeys(("run_at", "next_at", "last_at"), at(7200)),
        *("Scheduled", "continues ", "The last e-mail is sent "),
    ),
    "limited": (
        {
            "limited_by": {"limit": "2/day"},
            "next_at": at(7200),
            "last_at": at(86400),
        },
        *("Scheduled", "continues ", "The limit of 2 a day is reached. The next "),
    ),
    "sending": ({}, "Sending", "", ""),
    "template": ({"causes": [TEMPLATE], "last_at": at(1)}, "Sending", "", ""),
    "done": ({"state": "done"}, "Partly sent", "", ""),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_each_condition_has_one_look_one_cell_and_one_sentence(name: str) -> None:
    given, look, cell, sentence = CONDITIONS[name]
    counts = {"rows": 9, "sent": 1, "failed": 1, "open": 7}
    one, now = batch(2, counts=counts, **given), time.time()
    if name == "scheduled":
        sentence = "The rest is sent from "
    assert look_of(one, now).word == look
    for said, wanted in ((next_words(one, now), cell), (explanation(one, now), sentence)):
        assert said.startswith(wanted)
        assert bool(said) == bool(wanted)


def test_no_word_of_the_table_of_conditions_is_missing() -> None:
    now = time.time()
    counts = {"rows": 9, "sent": 1}
    found = [condition(batch(2, counts=counts, **given), now) for given, *_ in CONDITIONS.values()]
    told = {each.name.lower() for each in found}
    assert told == CONDITIONS.keys() - {"all_paused", "template"}


def test_a_batch_that_was_just_started_begins_in_a_moment() -> None:
    now, soon = time.time(), at(5)
    grace = batch(2, counts={"rows": 9, "open": 9}, next_at=soon, last_at=soon)
    assert (look_of(grace, now).word, next_words(grace, now)) == ("Scheduled", "begins in a moment")
    assert explanation(grace, now) == "The first e-mails are sent in a moment."
    assert (look_of(grace, now + 6).word, next_words(grace, now + 6)) == ("Sending", "")
    said = "All e-mails are sent as fast as the server takes them."
    assert explanation(grace, now + 6) == said
    others = batch(2, counts={"rows": 9, "open": 7}, next_at=soon)
    assert look_of(others, now).word == "Sending"


IN_ORDER = ("sent", "to_come", "failed")


def test_numbers_keep_their_places_when_sending_begins() -> None:
    for counts in ({"open": 9}, {"open": 8, "sent": 1}, {"sent": 8, "failed": 1}):
        found = numbers([batch(1, counts={"rows": 9, **counts})])
        assert tuple(each.verb for each in found) == IN_ORDER


def test_each_number_of_rows_is_told_once_in_a_fixed_order() -> None:
    counts = {"rows": 45, "open": 1, "sent": 9, "kept": 2, "failed": 3, "uncertain": 4}
    one = batch(2, counts={**counts, "cancelled": 5, "left_out": 21}, marked=6)
    assert [(each.verb, each.word, each.rows) for each in numbers([one])] == [
        ("sent", "sent", 3),
        ("kept", "kept", 2),
        ("to_come", "to come", 1),
        ("failed", "failed", 3),
        ("uncertain", "uncertain", 4),
        ("marked", "marked as sent", 6),
        ("cancelled", "cancelled", 5),
        ("left_out", "left out", 21),
    ]
    assert [each.rows for each in numbers([one, one])][:2] == [6, 4]
    practice = numbers([batch(1, counts={"rows": 9, "kept": 2, "open": 7})])
    assert [each.verb for each in practice] == ["kept", "to_come", "failed"]
    repeats_and_problems = batch(3, counts={"rows": 21, "left_out": 14, "problems": 11})
    *steady, left_out = numbers([repeats_and_problems])
    assert [(each.verb, each.rows) for each in steady] == [(verb, 0) for verb in IN_ORDER]
    assert (left_out.word, left_out.rows) == ("left out (11 need a look)", 14)
    assert exceptions(repeats_and_problems)[0][0] == "11 need a look"
    assert numbers([batch(1, counts={"rows": 9})]) == []


def test_the_end_of_a_batch_accounts_for_all_its_rows() -> None:
    counts = {"rows": 117, "open": 0, "sent": 114, "failed": 2, "uncertain": 1}
    said = progress(batch(7, state="done", counts=counts, marked=1), NOW)
    assert said == "113 of 117 are sent, 1 marked as sent, 2 failed, 1 uncertain"


@pytest.mark.parametrize(
    ("given", "said", "cell", "sent"),
    [
        ({"state": "done"}, "All 200 e-mails are sent", "none", "200 of 200"),
        ({"state": "done", "marked": 15}, "185 of 200 are sent", "15 marked as sent", "185 of 200"),
        (
            {"counts": {"kept": 200}},
            "All 200 e-mails are kept",
            KEPT.format(200),
            "200 of 200 kept",
        ),
        (
            {"counts": {"kept": 4, "open": 196}},
            "4 of 200 are kept",
            KEPT.format(4),
            "4 of 200 kept",
        ),
        ({"counts": {"sent": 5, "kept": 195}}, "5 of 200 are sent", KEPT.format(195), "5 of 200"),
        ({"counts": {"left_out": 200, "twice": 200}}, "Nothing was sent", "", None),
    ],
)
def test_what_a_person_marked_or_practice_kept_is_not_said_to_be_sent(
    given: dict[str, Any], said: str, cell: str, sent: str | None
) -> None:
    counts = {"rows": 200, **given.get("counts", {"sent": 200})}
    one = batch(1, **{**given, "counts": counts})
    assert (headline(one, NOW), exception_words(one)) == (said, cell)
    if sent is not None:
        share = int(sent.split()[0]) / 200
        assert (sent_words(one), share_sent(one)) == (sent, share)


def test_a_batch_that_is_paused_promises_no_begin() -> None:
    now, begins = time.time(), at(7200)
    counts = {"rows": 9, "open": 9}
    by_person = batch(2, counts=counts, run_at=begins, state="paused")
    with_all = batch(2, counts=counts, run_at=begins, reason="all_paused")
    for some in (by_person, with_all):
        assert headline(some, now).startswith("Starts after the pause, not before ")
    assert not headline(batch(2, counts=counts, run_at=begins), now).startswith("Starts after")


def test_a_draft_says_how_many_rows_can_be_sent() -> None:
    some = batch(2, state="draft", counts={"rows": 9, "changed": 2, "ready": 5, "problems": 2})
    assert headline(some, NOW) == "5 rows can be sent"
    assert exceptions(some) == [("2 need a look", "failed")]


def test_a_batch_that_another_replaced_says_by_which_and_no_longer_when_it_starts() -> None:
    begins: Any = {"run_at": "2030-01-01T08:00:00.000Z", "state": "done"}
    gone = batch(2, counts={"rows": 3, "cancelled": 3}, **begins)
    assert headline(gone, NOW) == "0 of 3 are sent"
    gone["replaced_by"] = [{"batch_id": 5, "count": 3}]
    assert headline(gone, NOW) == "3 e-mails were replaced by batch 5"
    assert explanation(gone, NOW) == ""
    some = batch(2, counts={"rows": 3, "sent": 2, "cancelled": 1}, **begins)
    some["replaced_by"] = [{"batch_id": 5, "count": 1}]
    assert headline(some, NOW) == "2 of 3 are sent"
    assert explanation(some, NOW) == "1 e-mail was replaced by batch 5."


def test_a_draft_that_is_not_read_to_its_end_says_so() -> None:
    counts = {"rows": 2900, "unchecked": 100, "ready": 2800}
    part = batch(2, state="draft", counts=counts, sheet="a.csv", reading={"rows": 20_000})
    opens = "Open it to read the others."
    assert headline(part, NOW) == sent_words(part) == "2,900 of 20,000 rows read"
    assert about_draft(part, may_act=True)[0] == opens
    assert opens not in about_draft(part, may_act=False)
    others: Any = ({"reading": None}, {"reading": {"rows": 2900}}, {"sheet": None})
    for known in others:
        other: Any = {**part, **known}
        assert headline(other, NOW) == "100 rows are being checked"
        assert opens not in about_draft(other, may_act=True)


@pytest.mark.parametrize(
    ("counts", "look", "said"),
    [
        ({"failed": 8}, ("Failed", "failed"), "0 of 8 are sent"),
        ({"sent": 6, "failed": 2}, ("Partly sent", "failed"), "6 of 8 are sent"),
        ({"sent": 6, "uncertain": 2}, ("Partly sent", "uncertain"), "6 of 8 are sent"),
        ({"uncertain": 8}, ("Uncertain", "uncertain"), "0 of 8 are sent"),
        ({"kept": 3, "failed": 5}, ("Partly kept", "failed"), "3 of 8 are kept"),
        ({"cancelled": 8}, ("Cancelled", "cancelled"), "0 of 8 are sent"),
        ({"kept": 8}, ("Kept", "kept"), "All 8 e-mails are kept"),
        ({"sent": 5, "kept": 3}, ("Partly sent", "kept"), "5 of 8 are sent"),
        ({"sent": 8}, ("Done", "succeeded"), "All 8 e-mails are sent"),
    ],
)
def test_one_that_is_over_is_done_only_where_all_is_well(
    counts: dict[str, int], look: tuple[str, str], said: str
) -> None:
    over = batch(1, state="done", counts={"rows": 8, **counts})
    found = look_of(over, NOW)
    assert ((found.word, found.token), headline(over, NOW)) == (look, said)


def test_exceptions_are_told_in_order_of_gravity() -> None:
    counts = {"rows": 42, "failed": 2, "cancelled": 38, "left_out": 2, "problems": 2}
    assert exceptions(batch(2, state="done", counts=counts)) == [
        ("2 failed", "failed"),
        (" · 38 cancelled", "soft text"),
        (" · 2 need a look", "soft text"),
    ]
    before = {"rows": 20, "sent": 8, "same": 15, "left_out": 12, "problems": 9, "twice": 3}
    assert exception_words(batch(2, state="done", counts=before)) == "9 need a look"
    same = {"rows": 9, "sent": 4, "left_out": 5, "same": 5}
    assert exception_words(batch(2, state="done", counts=same)) == "none"


def test_postponed_messages_are_counted_without_the_answer_of_their_server() -> None:
    put_off = {**AGAIN, "said": "451 4.7.1 Greylisted, try again later", "until": at(900)}
    counts = {"rows": 9, "sent": 6, "cancelled": 1, "open": 2}
    some = batch(2, counts=counts, put_off=put_off)
    assert exception_words(some) == "1 cancelled · 2 postponed"


def test_a_limit_of_its_own_is_told_beside_a_server_that_takes_no_more() -> None:
    waits = {**held("quota", server="mx", until=at(900)), "last_at": at(86_400 * 3)}
    counts = {"rows": 1500, "open": 1493, "sent": 7}
    said = explanation(batch(2, rate="500/day", counts=counts, **waits), time.time())
    assert " At most 500 a day. The last e-mail is sent " in said
    assert said.endswith(" at the earliest.")
    others: dict[str, Any] = {"limited_by": {"limit": "2/day", "queue": "mail"}, "rate": "5/day"}
    times: dict[str, Any] = {"next_at": at(7200), "last_at": at(86_400)}
    said = explanation(batch(2, counts=counts, **others, **times), time.time())
    assert said.startswith("The provider's limit of 2 a day is reached. The next ")


def test_what_the_server_took_earlier_is_told_with_the_time() -> None:
    counts = {"rows": 1500, "open": 1500, "sent": 0}
    times: Any = {"taken": "30/min, 500/h", "last_at": at(86_400)}
    said = explanation(batch(2, counts=counts, **times), time.time())
    assert said.startswith("Earlier, the server took 30 a minute, 500 an hour. The last e-mail is ")


def test_what_is_left_at_a_limit_of_a_minute_is_told_with_it() -> None:
    now, soon = time.time(), at(28)
    times: Any = {"next_at": soon, "last_at": soon}
    limit: Any = {"limited_by": {"limit": "30/minute"}}
    counts = {"rows": 100, "sent": 90, "open": 10}
    left: Any = batch(2, rate="30/minute", counts=counts, **times, **limit)
    assert explanation(left, now, 0.5).startswith("At most 30 a minute. The last e-mail is sent ")
    assert next_words(left, now, 0.5).startswith("last one ")
    assert done_at(left, now, 0.1) is None


def test_a_postponed_message_does_not_tell_when_the_last_of_many_others_is_sent() -> None:
    now, again = time.time(), at(40)
    put_off: Any = {"server": "mx", "code": 451, "until": again, "count": 15}
    given: Any = {"put_off": put_off, "next_at": at(0)}
    many = batch(2, counts={"rows": 600, "sent": 20, "open": 565}, last_at=again, **given)
    assert times_words(many, now).endswith(" at the earliest.")
    assert next_words(many, now) == ""
    assert not is_limited(many, now)  # so the pace is measured at once
    assert "at this pace" in explanation(many, now, 3.9)
    assert round((done_at(many, now, 3.9) or 0) - now) == 145
    alone = batch(2, counts={"rows": 600, "sent": 570, "open": 15}, last_at=again, **given)
    assert "at the earliest" not in explanation(alone, now)
    assert next_words(alone, now).startswith("last one ")


@pytest.mark.parametrize(
    ("counts", "later", "now"),
    [
        ({"open": 3}, "All e-mails are sent from ", "All e-mails are sent as fast as "),
        ({"open": 2, "sent": 1}, "The rest is sent from ", "The rest is sent as fast as "),
        ({"open": 2, "cancelled": 1}, "The rest is sent from ", "The rest is sent as fast as "),
        ({"open": 1, "sent": 2}, "The last e-mail is sent ", "The rest is sent as fast as "),
    ],
)
def test_once_some_are_sent_the_rest_is_told_not_all(
    counts: dict[str, int], later: str, now: str
) -> None:
    """The check's numbers, such as ``ready``, keep their values after the start."""
    for seconds, said in ((7200, later), (0, now)):
        times: dict[str, Any] = dict.fromkeys(("next_at", "last_at"), at(seconds))
        left = batch(2, counts={"rows": 3, "ready": 3, **counts}, **times)
        assert times_words(left, time.time()).startswith(said)
    draft = batch(2, state="draft", counts={"rows": 3, "ready": 2, "changed": 1}, last_at=at(0))
    assert times_words(draft, time.time()).startswith("All e-mails are sent as fast as ")


def test_what_was_cancelled_is_counted_apart_from_what_may_still_leave() -> None:
    said = "24 e-mails are cancelled · 1 is being sent"
    assert cancelled_words({"touched": 25, "skipped": [], "stopping": 1}) == said
    assert cancelled_words({"touched": 31, "skipped": []}) == "31 e-mails are cancelled"
    assert cancelled_words({"touched": 0, "skipped": []}) == "No e-mail was left to cancel"
