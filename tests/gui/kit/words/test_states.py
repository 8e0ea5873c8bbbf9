"""States in words: each has an icon, a word and a colour, and every cell says what it means."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.office import OfficeReason
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.look.theme import TOKENS, Scheme, Theme
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.states import (
    LOOKS,
    attempts_words,
    in_words,
    marked_state_word,
    progress_words,
    state_word,
    took_words,
)
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import ON_HOLD, PAUSED_TASK, READY, Row, row_of
from desktop.gui.tasks.detail.explanation import explanation, headline
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.model.states import State
from tests.gui.tasks.acting.pending_rows import fitting
from tests.gui.tasks.table.task_source import stamp, task_row

NOW = 1_790_000_100.0


def row(state: str, **changes: object) -> Row:
    return row_of(task_row(1, str(state), **changes))


@pytest.mark.parametrize("state", [*State, "kept"])
def test_every_state_has_an_icon_a_word_and_a_colour_in_both_schemes(
    qapp: object, state: str
) -> None:
    look = LOOKS[state]
    assert state_word(row("succeeded", reason="kept") if state == "kept" else row(state))
    for scheme in Scheme:
        assert look.token in TOKENS[scheme]
        assert not icon(look.icon, Theme(scheme).color(look.token), 16).isNull()


def test_a_kept_message_that_another_task_sends_is_replaced() -> None:
    assert marked_state_word(row("succeeded", reason="kept")) == "Kept"
    repeated = row("succeeded", reason="kept", reason_data={"task_id": 9})
    assert marked_state_word(repeated) == "Replaced"


def test_no_two_states_look_alike() -> None:
    assert len({each.icon for each in LOOKS.values()}) == len(LOOKS)
    others = [look for key, look in LOOKS.items() if key not in {ON_HOLD, PAUSED_TASK, READY}]
    assert len({each.word for each in others}) == len(others)
    for key in (ON_HOLD, PAUSED_TASK, READY):
        assert LOOKS[key].word == LOOKS[State.WAITING].word, "as on the chip that counts all"
    others.remove(LOOKS[OfficeReason.CAME_BACK])  # it has the colour of what failed
    for scheme in Scheme:
        assert len({TOKENS[scheme][each.token] for each in others}) == len(others)


def test_a_message_that_was_handed_over_is_said_to_go_its_way() -> None:
    over = {"done": 1, "total": 2, "text": "handed over"}
    sending = row("running", progress=over)
    assert (sending.share, progress_words(sending, NOW)) == (
        None,
        "waiting for the server's answer",
    )
    said = explanation(sending, NOW)
    assert said.startswith("It was handed over and can no longer be stopped. Attempt 1")
    own = explanation(row("running", task="receipt", progress=over), NOW)
    assert own.startswith("Handed over. Attempt 1")


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("queue", ["mail", "receipts"])
def test_every_state_says_what_happened_and_what_comes_next(state: State, queue: str) -> None:
    seen = row(state, queue=queue)
    assert headline(seen, NOW)
    said = explanation(seen, NOW)
    if state == State.SUCCEEDED:
        assert not said  # the headline says it all
    else:
        assert said[0].isupper()
        assert said[-1] in ".!?"


@pytest.mark.parametrize(
    "seen",
    [
        *(row(state, queue="mail", error="530 no") for state in State),
        row("queued", reason="queue_paused", reason_data={"queue": "mail"}),
        row("queued", reason="queue_held", reason_data={"queue": "mail", "text": "530 no"}),
        row("succeeded", queue="mail", reason="kept"),
        row("cancelled", reason="cancelled_by_person"),
    ],
)
def test_who_may_only_look_is_told_of_no_button(seen: Row) -> None:
    said = explanation(seen, NOW, may_act=False)
    assert not any(word in said.lower() for word in ("press", "choose", "correct the"))


def test_the_name_of_a_server_begins_a_sentence_as_it_is_written() -> None:
    data = {"server": "mx.example.org"}
    waits = row("waiting", run_at=stamp(NOW + 40), error=REFUSED, reason_data=data)
    assert explanation(waits, NOW).startswith(REFUSED)


def test_what_an_answer_means_stands_for_the_words_of_the_server() -> None:
    waits = row("waiting", run_at=stamp(NOW + 40), error=REFUSED, reason_data=ANSWER)
    failed = row("failed", error=REFUSED, reason_data=ANSWER)
    for said in (explanation(waits, NOW), explanation(failed, NOW)):
        assert said.startswith(f"{UNKNOWN}. ")
        assert REFUSED not in said


FIXED = {"text": "Oh.", "fixed": True}


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        (row("running"), "Sending"),
        (row("succeeded"), "Sent"),
        (row("running", queue="pdf"), "Running"),
        (row("succeeded", queue="pdf"), "Done"),
        (row("queued"), "Queued"),
        # As the chip that holds what stands in its queue.
        (row("queued", reason="queue_paused"), "Waiting · paused"),
        (row("queued", reason="queue_held"), "Waiting · on hold"),
        (row("queued", reason="offline"), "Waiting"),
        (row("waiting", run_at=stamp(NOW + 5)), "Waiting"),
        (row("waiting", run_at=None), "Waiting · on hold"),
        (
            row("waiting", run_at=None, reason="held_for_person", reason_data=FIXED),
            "Waiting · ready",
        ),
        (row("scheduled", reason="queue_held"), "Scheduled · on hold"),
        (row("scheduled", reason="offline"), "Scheduled"),
    ],
)
def test_the_word_of_a_state_says_whose_it_is_and_what_stops_it(seen: Row, word: str) -> None:
    assert state_word(seen) == word


LIMIT = {"queue": "mail", "limit": 4}
UNKNOWN = "The address does not exist"
REFUSED = "mx.example.org refused the recipient: 550 5.1.1 No such user"
ANSWER = {"server": "mx.example.org", "code": 550, "said": "550 5.1.1 No such user"}
RATE = {"queue": "mail", "limit": "30/min"}
HOURLY = {"queue": "mail", "limit": "1500/h"}
MANY = "more than 100 ahead, 4 at a time"
DAILY = {"queue": "mail", "limit": "21/day", "until": stamp(NOW + 1800)}
NEXT = "starts in 30 min · next, limited to 21 a day"
FAR = "not before {} · more than 100 ahead, limited to 21 a day"
OF_BATCH = "continues in 30 min · its batch is limited to 21 a day"


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (row("queued", reason="ahead", reason_data=LIMIT | {"count": 2}), "2 ahead, 4 at a time"),
        (row("queued", reason="ahead", reason_data=LIMIT | {"count": None}), MANY),
        (row("queued", reason="rate_limit", reason_data=RATE), "next, limited to 30 a minute"),
        (row("queued", reason="rate_limit", reason_data=HOURLY), "next, limited to 1,500 an hour"),
        (row("queued", reason="rate_limit", reason_data=DAILY), NEXT),
        (row("queued", reason="ahead", reason_data=DAILY | {"count": None}), FAR),
        (row("scheduled", reason="batch_limit", reason_data=DAILY), OF_BATCH),
        (row("waiting", run_at=stamp(NOW + 4), reason="batch_limit", reason_data=DAILY), OF_BATCH),
        (row("scheduled", run_at=stamp(NOW + 4)), "in 4 s"),
        (row("running", task="pdf", progress={"done": 64, "total": 100, "text": ""}), "64 %"),
        (
            row("running", task="pdf", progress={"done": 3, "total": None, "text": "page 3"}),
            "page 3",
        ),
        (
            row("waiting", run_at=stamp(NOW + 40), error="451 later"),
            "again in 40 s · Postponed by the server",
        ),
        (row("waiting", run_at=stamp(NOW - 1)), "again now"),
        (row("waiting", reason="held_for_person", reason_data={"text": "no key"}), "no key"),
        (row("succeeded"), ""),
        (row("succeeded", reason="kept"), "Kept in the outbox, not sent"),
        (row("failed", error="550 no such user"), "550 no such user"),
        (
            row("failed", error=REFUSED, reason_data=ANSWER),
            UNKNOWN,
        ),
        (
            row("waiting", run_at=stamp(NOW + 40), error=REFUSED, reason_data=ANSWER),
            f"again in 40 s · {UNKNOWN}",
        ),
        (row("succeeded", reason="kept", queue="sms"), "Practice only"),
        (row("cancelled", reason="cancelled_by_person", attempt=0), "before it started"),
        (
            row(
                "cancelled",
                reason="cancelled_by_person",
                reason_data={"may_have_arrived": True},
                attempt=2,
            ),
            "an earlier attempt may have sent it",
        ),
        (
            row("waiting", reason="after_task", reason_data={"task_id": 17}),
            "It begins after task 17",
        ),
        (
            row("cancelled", reason="cancelled_with_task", reason_data={"task_id": 17}),
            "Task 17, which it follows, was cancelled",
        ),
        (row("cancelled", reason="cancelled_by_task", reason_data={"text": "gone."}), "gone"),
        (
            row(
                "uncertain",
                reason="final_answer",
                reason_data=ANSWER | {"may_have_arrived": True},
                error=REFUSED,
            ),
            f"an earlier attempt may have sent it · {UNKNOWN}",
        ),
        (
            row("uncertain", reason="no_answer", reason_data={"server": "mx"}, queue="sms"),
            "No answer from mx",
        ),
        (
            row("uncertain", reason="cut_short", reason_data={"server": "mx"}),
            "The program ended before mx answered",
        ),
        (
            row("uncertain", reason="stopped_by_person", reason_data={"server": "mx"}),
            "Cancelled by a person before mx answered",
        ),
    ],
)
def test_progress_says_how_far_or_why(seen: Row, words: str) -> None:
    assert progress_words(seen, NOW) == words.format(day_and_time(NOW + 1800, NOW))


def test_what_is_paused_promises_no_time() -> None:
    paused = {"reason_data": {"paused": stamp(NOW - 60)}, "queue": "mail"}
    soon = row("scheduled", run_at=stamp(NOW + 4), reason="delayed", **paused)
    late = row("scheduled", run_at=stamp(NOW + 900), reason="delayed", **paused)
    put_off = row("waiting", run_at=stamp(NOW + 4), reason="retry_later", error="451", **paused)
    due = row("waiting", run_at=stamp(NOW), reason="retry_later", error="451", **paused)
    clock = day_and_time(NOW + 900, NOW)
    assert progress_words(soon, NOW) == "after the pause"
    assert progress_words(late, NOW) == f"after the pause, not before {clock}"
    assert {progress_words(each, NOW) for each in (put_off, due)} == {"again after the pause · 451"}
    assert headline(late, NOW) == f"Will be sent after the pause, not before {clock}"
    assert headline(put_off, NOW) == "Waiting for the mail server, again after the pause"
    for seen in (soon, put_off):
        assert explanation(seen, NOW).endswith("It continues when you press Resume.")
        alone = explanation(seen, NOW, may_act=False)
        assert alone.endswith("It continues once it is resumed.")


def test_what_a_held_queue_keeps_promises_no_time_and_no_start_by_itself() -> None:
    held = {"reason_data": {"on_hold": "530 wrong password"}, "queue": "mail"}
    put_off = row("waiting", run_at=stamp(NOW + 4), reason="retry_later", error="451", **held)
    late = row("scheduled", run_at=stamp(NOW + 900), reason="delayed", **held)
    told = {"queue": "mail", "text": "530 wrong password"}
    aside = row("scheduled", reason="queue_held", reason_data=told, queue="mail")
    clock = day_and_time(NOW + 900, NOW)
    assert progress_words(put_off, NOW) == "again once the problem is fixed · 451"
    assert progress_words(late, NOW) == f"once the problem is fixed, not before {clock}"
    assert progress_words(aside, NOW) == "530 wrong password"  # beside *Scheduled · on hold*
    refused = row("queued", reason="queue_held", reason_data={**told, "code": 535}, queue="mail")
    assert progress_words(refused, NOW) == "User name or password refused"
    assert headline(late, NOW) == f"Will be sent once the problem is fixed, not before {clock}"
    for seen in (put_off, aside):
        assert headline(seen, NOW) == "On hold until the problem is fixed"
    assert [state_word(each) for each in (put_off, late, aside)] == [
        "Waiting",
        "Scheduled",
        "Scheduled · on hold",
    ]
    for seen in (put_off, late, aside):
        said = explanation(seen, NOW)
        assert "Its queue is on hold: 530 wrong password. It continues after a successful" in said
        assert "by itself" not in said
        is_offered = any(action.verb == "try_now" for action in fitting([seen]))
        assert said.endswith("or when you press Try now.") == is_offered
        alone = explanation(seen, NOW, may_act=False)
        assert alone.endswith("Its queue is on hold: 530 wrong password.")


def test_what_a_paused_batch_keeps_is_not_said_to_start_by_itself() -> None:
    since = stamp(NOW - 60)
    aside = row("scheduled", reason="batch_paused", reason_data={"batch_id": 7, "since": since})
    about = {"paused": since, "batch_id": 7}
    again = row("waiting", run_at=stamp(NOW), reason="retry_later", error="451", reason_data=about)
    assert headline(aside, NOW).startswith("Batch paused since ")
    assert [action.verb for action in fitting([aside])][:1] == ["change_time"]
    for seen in (aside, again):
        assert explanation(seen, NOW).endswith("It continues when you resume its batch.")
        assert explanation(seen, NOW, may_act=False).endswith("It continues once it is resumed.")


def test_took_counts_while_it_runs_and_stays_when_it_is_over() -> None:
    started = stamp(NOW - 3)
    assert took_words(row("running", started_at=started), NOW) == "3.0 s"
    over = row("failed", started_at=started, finished_at=stamp(NOW - 2.6))
    assert took_words(over, NOW) == "0.4 s"
    assert took_words(row("cancelled", started_at=None), NOW) == "–"
    assert took_words(row("queued", started_at=None), NOW) == ""


def test_attempts_are_counted_once_there_was_one() -> None:
    assert attempts_words(row("queued", attempt=0)) == ""
    assert attempts_words(row("waiting", attempt=2)) == "2 of 8"
    assert attempts_words(row("waiting", attempt=2, reason="offline")) == "6 left"
    assert attempts_words(row("running", attempt=2)) == "2"  # it may be one that does not count
    assert attempts_words(row("failed", attempt=2)) == "2"
    assert attempts_words(row("waiting", attempt=8)) == "8"


@pytest.mark.parametrize(("total", "share"), [(None, None), (0, None), (-1, None), (3, 1.0)])
def test_a_share_needs_a_total_and_is_never_more_than_all(
    total: float | None, share: float | None
) -> None:
    progress = {"done": 9, "total": total, "text": ""}
    assert row("running", task="pdf", progress=progress).share == share


@pytest.mark.parametrize("refusal", ["same_key", "of a later version"])
def test_refusal_is_said_by_the_words_where_they_have_it(refusal: str) -> None:
    data: Any = {"task_id": 4, "key": "a"}
    problem: Any = {"status": 409, "detail": "Task 4 …", "refusal": refusal, "data": data}
    is_known = refusal == "same_key"
    said = say("refused", refusal, **data) if is_known else "Task 4 …"
    assert str(in_words(Refused(problem))) == said
