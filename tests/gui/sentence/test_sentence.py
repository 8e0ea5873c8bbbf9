"""What the one sentence says of facts: all of it in one file, and nine rules of what it may say."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.batch_condition import Condition, condition
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.sentence.cases import said
from desktop.gui.sentence.facts import Facts, Needing, Unanswered
from desktop.gui.sentence.statement import ALSO, BLOCKED, PAUSED
from desktop.gui.sentence.stops import is_stopped
from sendoff_tasks.client.health import Ready
from sendoff_tasks.model.events import NoticeId
from tests.gui.sentence.rows import patterns, rows_in
from tests.gui.sentence.said import APPROVED
from tests.gui.sentence.said import said as all_said
from tests.gui.sentence.scenes import CASES, NOW, ON_SERVER, OTHERS, READY, VIEWER, counts

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("qapp")
SCENES = [*CASES.values()]
NUMBERS = st.integers(0, 3)


def some_of(field: str) -> st.SearchStrategy[list[Any]]:
    """Take some of what the scenes have in a field."""
    every = [each for facts in SCENES for each in getattr(facts, field)]
    return st.lists(st.sampled_from(every), max_size=3, unique_by=repr)


def one_of(field: str) -> st.SearchStrategy[Any]:
    """Take what one of the scenes has in a field."""
    return st.sampled_from(SCENES).map(lambda facts: getattr(facts, field))


@st.composite
def stats(draw: st.DrawFn) -> Any:
    """Return any counts."""
    states = ("succeeded", "queued", "running", "waiting", "scheduled", "failed")
    found = {state: draw(NUMBERS) for state in states}
    rows = {name: draw(NUMBERS) for name in ("batch_rows", "paused_rows")}
    standing = draw(st.integers(0, found["queued"]))
    pending = draw(st.sampled_from((0, 0, 1)))
    rate, practice = draw(st.sampled_from((0.0, 0.5, 3.0))), draw(st.booleans())
    return counts(rate, **found, **rows, standing=standing, practice=practice, pending=pending)


@st.composite
def needing(draw: st.DrawFn) -> Needing:
    """Return what may need a person."""
    tasks = draw(NUMBERS)
    one, cause = draw(one_of("needing")).one, draw(one_of("needing")).cause
    return Needing(tasks, one, cause, draw(st.integers(0, tasks)), is_exact=draw(st.booleans()))


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    """Return facts that have parts of many scenes."""
    return Facts(
        now=NOW,
        state=draw(st.one_of(st.just(READY), one_of("state"))),
        away_s=draw(st.sampled_from((0.0, 5.0))),
        heard_at=draw(st.sampled_from((None, NOW - 60))),
        try_in=draw(NUMBERS),
        notices=draw(some_of("notices")),
        stats=draw(st.one_of(st.none(), stats())),
        batches=draw(some_of("batches")),
        is_busy=draw(st.booleans()),
        needing=draw(needing()),
        last=draw(one_of("last")),
        saved=draw(st.sampled_from((0, 0, 2))),
        unanswered=draw(st.sampled_from((Unanswered(), Unanswered(), Unanswered(2)))),
        has_draft=draw(st.booleans()),
        rooms=draw(some_of("rooms")),
        is_app=draw(st.booleans()),
        rights=draw(st.sampled_from((ALL_RIGHTS, ALL_RIGHTS, VIEWER, ON_SERVER))),
    )


DOES = {"sent_of", "kept_of", "both_of", "under_way"}
"""The sentences that something is being sent."""


def all_rows(facts: Facts) -> set[str]:
    return {row for each in said(facts) for row in rows_in(each)}


def test_all_that_is_said_was_read() -> None:
    """``python -m tests.library.words.said`` writes the file; its diff is read like a text."""
    assert all_said() == APPROVED.read_text(encoding="utf-8")


def test_each_sentence_and_each_line_is_in_a_scene() -> None:
    found = {row for facts in (CASES | OTHERS).values() for row in all_rows(facts)}
    found |= all_rows(replace(CASES["offline"], notices=[*CASES["offline"].notices, PAUSE]))
    found |= all_rows(replace(CASES["sign-in"], notices=[*CASES["sign-in"].notices, PAUSE]))
    rows = {name for name, _ in patterns("sentence")} | {
        f"soft {name}" for name, _ in patterns("sentence_soft")
    }
    by_the_pane = {"soft also", "soft others"}
    hours = {"soft about_hours"}  # the other word for minutes
    assert rows - found == by_the_pane | hours


PAUSE = CASES["paused"].notices[0]


@given(any_facts())
def test_there_is_always_one_sentence_and_it_is_whole(facts: Facts) -> None:
    found = [*said(facts)]
    assert [each.rank for each in found] == sorted(each.rank for each in found)
    for each in found:
        assert not each.text.endswith("."), each
        assert each.soft.endswith(".") or not each.soft, each
        assert each.button is None or each.button.text
        assert "{" not in each.text + each.soft


@given(any_facts())
def test_sent_is_said_of_what_was_sent_and_kept_of_what_was_kept(facts: Facts) -> None:
    sending = [each for each in facts.batches if condition(each, NOW) is Condition.SENDING]
    sent, kept = (sum(each["counts"][name] for each in sending) for name in ("sent", "kept"))
    rows = all_rows(facts)
    assert "sent_of" not in rows or not kept
    assert "sent_of" not in rows or sent or not facts.is_practice
    assert "kept_of" not in rows or not sent
    assert "both_of" not in rows or (sent and kept)
    if "last_sent" in rows:
        assert facts.last is not None
        assert facts.last.is_mail
        assert facts.last.reason is None


@given(any_facts())
def test_no_pace_and_no_end_is_said_while_it_is_not_certain(facts: Facts) -> None:
    is_paused = any(each["state"] == Condition.PAUSED for each in facts.batches)
    if facts.stops or facts.acting or is_paused or not facts.is_ready:
        ends = {f"soft {name}" for name in ("pace", "last_at", "about_minutes", "about_hours")}
        assert not all_rows(facts) & ends


@given(any_facts(), stats(), needing())
def test_no_number_is_said_before_the_counts_came(
    facts: Facts, others: Any, needing: Needing
) -> None:
    if facts.is_ready:
        facts = replace(facts, state=CASES["restarting"].state)
    found = [*said(facts)]
    assert found == [*said(replace(facts, needing=needing, batches=(), last=None))]
    if not isinstance(facts.state, Ready):
        assert found == [*said(replace(facts, stats=others))]


@given(any_facts())
def test_nothing_is_called_lost_or_not_but_what_the_backend_has(facts: Facts) -> None:
    rows = all_rows(facts)
    assert "soft none_is_lost" not in rows or not facts.saved
    assert not rows & {"soft none_is_lost", "soft none_lost"} or facts.is_ready


@given(any_facts())
def test_nothing_waits_only_if_nothing_does(facts: Facts) -> None:
    if all_rows(facts) & {"nothing", "soft nothing"}:
        assert facts.is_ready
        assert facts.room("list_unread") is None
        left = facts.open, facts.acting, facts.saved, facts.has_draft, facts.unanswered.changes
        assert not any(left)


@given(any_facts())
def test_who_may_only_look_is_asked_for_nothing(facts: Facts) -> None:
    for each in said(replace(facts, rights=VIEWER)):
        assert each.button is None
        assert not re.search(r"\byou", f"{each.text} {each.soft}", re.IGNORECASE), each
    for each in said(facts):  # another window may have paused it
        assert each.rank not in PAUSED or "you" not in each.text.lower().split()


@given(any_facts())
def test_the_number_is_that_of_the_filter(facts: Facts) -> None:
    for each in said(facts):
        numbers = re.findall(r"\d+", each.text)
        if rows_in(each) & {"need_you", "more_need_you"} and "held_alike" not in rows_in(each):
            assert numbers == [str(facts.needing.tasks)]
            assert ("more_need_you" in rows_in(each)) != facts.needing.is_exact


@given(any_facts())
def test_what_is_stopped_is_not_said_to_go_on(facts: Facts) -> None:
    if is_stopped(facts):
        for each in said(facts):
            if each.rank <= ALSO:
                assert not rows_in(each) & DOES, each
            assert each.button is None or each.button.verb != "pause"


CLAUSES: dict[str, Callable[[Facts], bool]] = {
    "soft after_sign_in": lambda facts: len(facts.stops) == 1 and not facts.left_alone,
    "soft after_both": lambda facts: NoticeId.PAUSED in facts.stops and len(facts.stops) == 2,
    "soft until_resumed": lambda facts: all(each.startswith("paused:") for each in facts.stops),
    "soft again_at": lambda facts: (
        facts.stops <= {each["id"] for each in facts.outages} and not facts.is_practice
    ),
    "soft then_resumed": lambda facts: bool(facts.about(NoticeId.PAUSED)),
    "soft saved_here": lambda facts: facts.room("unsaved") is None,
    "soft keep_typing": lambda facts: facts.room("unsaved") is None,
    "soft what_stays": lambda facts: facts.room("unsaved") is None,
    "soft last_at": lambda facts: not facts.is_practice,
    "ready": lambda facts: not is_stopped(facts),
    "planned": lambda facts: not facts.stops,
    "kept": lambda facts: not facts.is_practice,
}
"""The clauses that another case could make untrue, each with when it is true."""


@given(any_facts())
def test_no_clause_of_a_case_is_untrue_because_of_another(facts: Facts) -> None:
    for row in all_rows(facts) & set(CLAUSES):
        assert CLAUSES[row](facts), row


def test_nothing_waits_is_not_said_before_it_is_known_what_needs_a_person() -> None:
    ended = [facts for facts in SCENES if all_rows(facts) & {"nothing", "soft nothing"}]
    assert ended
    for facts in ended:
        failed = replace(facts, stats=counts(succeeded=3, failed=2))
        assert not all_rows(failed) & {"nothing", "soft nothing"}


def test_what_may_take_the_accent_is_what_is_next() -> None:
    for name, facts in CASES.items():
        first = next(said(facts))
        if first.rank <= BLOCKED:
            assert first.is_next == (first.button is not None), name
    for name in ("sending", "offline", "practice", "crashed", "older text", "updated", "reading"):
        assert not next(said(CASES[name])).is_next, name
