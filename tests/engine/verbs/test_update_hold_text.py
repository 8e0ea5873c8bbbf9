"""What a held task waits for is told once it is known; nothing starts by that."""

from __future__ import annotations

from sendoff_tasks.attempts.outcomes import Held
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.verbs.update_hold_text import update_hold_text
from sendoff_tasks.words.table import ENGLISH
from tests.engine.stepped import Stepped

NEEDS = "The template “Letter” needs “seat”, which is missing."


def tell(stepped: Stepped, number: int, why: str | None) -> None:
    stepped.do(lambda group: update_hold_text(group, {number: why, 99: why}, Cure.TASKS_FOLDER))


def test_it_is_told_what_is_wrong_or_that_it_is_fixed(stepped: Stepped) -> None:
    held = stepped.ended(Held("It needs “fee”.", ""))
    for why, data, error in (
        (NEEDS, {"text": NEEDS}, NEEDS),
        (None, {"fixed": True}, None),
        (NEEDS, {"text": NEEDS}, NEEDS),
    ):
        tell(stepped, held, why)
        row = stepped.task(held)
        assert (row["state"], row["reason"]) == ("waiting", Reason.HELD_FOR_PERSON)
        assert (row["reason_data"], row["error"]) == (data, error)
        (cause,) = stepped.causes()
        cure = Cure.TASKS_FOLDER if why else Cure.RETRY
        assert (cause["cure"], cause["states"]["waiting"]) == (cure, 1)
        stepped.check()
    assert not stepped.lane.running
    before = stepped.task(held)["rev"]
    tell(stepped, held, NEEDS)
    assert stepped.task(held)["rev"] == before


def test_it_is_told_as_data_again(stepped: Stepped) -> None:
    why = ENGLISH.say("template_fault", "lacks", name="Letter", field="seat")
    held = stepped.ended(Held(why, ""))
    before = stepped.task(held)
    tell(stepped, held, why)
    assert stepped.task(held) == before
    tell(stepped, held, None)
    tell(stepped, held, why)
    assert stepped.task(held)["reason_data"] == before["reason_data"]


def test_what_is_held_for_anything_else_or_has_gone_on_is_left_alone(stepped: Stepped) -> None:
    queue = stepped.ended(Held("535 wrong password", "", whole_queue=True), "narrow")
    held = stepped.ended(Held(NEEDS, ""))
    stepped.change(retry, held)
    for number in (queue, held):
        before = stepped.task(number)["rev"]
        tell(stepped, number, None)
        assert stepped.task(number)["rev"] == before
