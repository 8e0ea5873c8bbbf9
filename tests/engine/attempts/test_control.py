"""What stops an attempt, its point of no return, and the evidence of it."""

from __future__ import annotations

import pytest

from desktop.engine.attempts.control import CancelReason, Control, HandOver
from desktop.engine.errors import Fenced, NotWritable, TaskCancelled


def test_the_first_reason_to_stop_stays() -> None:
    control = Control()
    control.check()
    control.cancel(CancelReason.TIMEOUT)
    control.cancel(CancelReason.PERSON)
    assert control.reason is CancelReason.TIMEOUT
    with pytest.raises(TaskCancelled, match="It ran past its timeout"):
        control.check()


def test_a_timeout_comes_too_late_after_the_point_of_no_return() -> None:
    control = Control()
    with control.point_of_no_return():
        assert not control.cancel(CancelReason.TIMEOUT)
    assert control.reason is None
    assert control.cancel(CancelReason.PERSON)


def test_way_is_given_after_a_crossing_that_was_written() -> None:
    given: list[str] = []
    control = Control(lambda: given.append("way"))
    control.begin()
    with control.point_of_no_return():
        assert not given
    assert given == ["way"]
    with pytest.raises(NotWritable), control.point_of_no_return():
        raise NotWritable("full")
    assert given == ["way"]


def test_who_should_stop_does_not_cross() -> None:
    control = Control()
    control.cancel(CancelReason.STOP)
    with pytest.raises(TaskCancelled), control.point_of_no_return():
        pytest.fail("crossed")
    assert not control.past_point_of_no_return


def test_a_second_crossing_that_fails_does_not_undo_the_first() -> None:
    control = Control()
    with control.point_of_no_return():
        pass
    with pytest.raises(NotWritable), control.point_of_no_return():
        raise NotWritable("full")
    assert control.past_point_of_no_return


@pytest.mark.parametrize(
    ("refusal", "raised"), [(NotWritable("full"), NotWritable), (Fenced(1, 1), TaskCancelled)]
)
def test_a_crossing_that_cannot_be_written_did_not_happen(
    refusal: Exception, raised: type[BaseException]
) -> None:
    control = Control()
    with pytest.raises(raised), control.point_of_no_return():
        raise refusal
    assert not control.past_point_of_no_return


@pytest.mark.parametrize(
    "handover", [HandOver(0, "", ""), HandOver(2**53, 'Ein “Brief”\n"\x00\\', "mx\u2028é😀")]
)
def test_what_was_written_is_read_again(handover: HandOver) -> None:
    assert HandOver.decode(handover.encode()) == handover


@pytest.mark.parametrize(
    ("what", "to", "said"),
    [
        ("A letter for Ada", "the post", "Handed over to the post: A letter for Ada"),
        ("A letter for Ada", "", "Handed over: A letter for Ada"),
        ("", "the post", "Handed over to the post"),
        ("", "", ""),
    ],
)
def test_it_is_said_in_one_sentence(what: str, to: str, said: str) -> None:
    assert HandOver(0, what, to).sentence == said
