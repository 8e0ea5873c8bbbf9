"""Whom a task goes to once its item was corrected, and under which reference."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from desktop.contract.items import NewItem
from desktop.engine.attempts.outcomes import Failed, Later, LeftUncertain, Succeeded
from desktop.engine.causes import ServerAnswer
from desktop.engine.functions.registry import task as describe
from desktop.engine.store.reads.pages import read_page
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.store.reads.waits import NO_BATCHES
from desktop.engine.submission import Resend
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.resend import resend_once
from desktop.engine.verbs.resolve import resolve
from desktop.engine.verbs.retry import retry
from desktop.items.correcting import ELSEWHERE
from desktop.items.reads.items import read_items
from desktop.items.reads.worded_items import ItemSearch
from tests.engine.stepped import Stepped
from tests.items.corrections import ADA, BO, FINAL, TO_ADA, TO_BO, put, submit

ADA_ELSEWHERE: NewItem = {"title": "Opera", "recipient": {"name": "Ada", "email": "a@new.example"}}
RENAMED: NewItem = {"title": "Opera", "recipient": {"name": "Ada L", "email": "Ada@example.com"}}
LATER = Later("451 later", "", after=30, answer=ServerAnswer("mail.example", 451))
_NUMBERS = count(1)


@describe(reference=lambda: f"<{next(_NUMBERS)}@example.org>")
def letter(*args: Any) -> None: ...


@pytest.fixture
def stepped(make: Callable[..., Stepped]) -> Any:
    engine = make(letter)
    yield engine
    engine.check()


def sent(stepped: Stepped, how: Any) -> int:
    (task,) = submit(stepped, "letter")
    stepped.end(task, how)
    return task


def correct(stepped: Stepped, body: NewItem = BO, to: str = TO_BO) -> None:
    put(stepped, body, names=("letter",), to=to)


def informed(stepped: Stepped) -> str | None:
    (found,) = read_items(stepped.connection, ItemSearch())["items"]
    return found["informed"]


def next_to(stepped: Stepped, task: int) -> str | None:
    page = read_page(stepped.connection, Query(Filter()), "s", known=NO_BATCHES)["tasks"]
    (told,) = (row["next_to"] for row in page if row["id"] == task)
    assert told == stepped.task(task)["next_to"]
    return told


@pytest.mark.parametrize("how", [FINAL, LeftUncertain("no answer", ""), Succeeded("1")])
def test_one_that_has_ended_says_whom_the_next_one_goes_to(stepped: Stepped, how: Any) -> None:
    task = sent(stepped, how)
    assert next_to(stepped, task) is None
    rev = stepped.task(task)["rev"]
    correct(stepped)
    assert (stepped.task(task)["to"], next_to(stepped, task)) == (TO_ADA, TO_BO)
    assert stepped.task(task)["rev"] > rev  # windows hear of it
    correct(stepped, ADA, TO_ADA)
    assert next_to(stepped, task) is None


def test_what_has_not_ended_goes_there_already(stepped: Stepped) -> None:
    (task,) = submit(stepped, "letter", delay=60)
    correct(stepped)
    assert (stepped.task(task)["to"], next_to(stepped, task)) == (TO_BO, None)


def test_one_for_a_recipient_of_its_own_goes_there_again(stepped: Stepped) -> None:
    task = sent(stepped, Succeeded("1"))
    elsewhere = Resend({"email": "cy@example.org"})
    again = stepped.do(lambda group: resend_once(group, task, elsewhere)).row["id"]
    stepped.settle()
    stepped.end(again, FINAL)
    correct(stepped)
    assert next_to(stepped, again) is None


def test_a_verb_answers_with_whom_the_next_one_goes_to(stepped: Stepped) -> None:
    task = sent(stepped, LeftUncertain("no answer", ""))
    correct(stepped)
    assert stepped.do(lambda group: group.row(group.read(task)))["next_to"] == TO_BO


@pytest.mark.parametrize(("how", "verb"), [(FINAL, retry), (LeftUncertain("?", ""), resolve)])
def test_to_another_address_it_is_another_message(stepped: Stepped, how: Any, verb: Any) -> None:
    task = sent(stepped, how)
    first = stepped.task(task)["message_id"]
    correct(stepped)
    assert stepped.task(task)["message_id"] == first  # the evidence stays until it is done again
    stepped.change(verb, task, *(["again"] if verb is resolve else []))
    told = stepped.task(task)
    assert (told["to"], told["state"]) == (TO_BO, "running")
    assert told["message_id"] not in {first, None}
    assert stepped.lane.running[task].reference == told["message_id"]
    assert ELSEWHERE.format(TO_BO, first) in [line["text"] for line in told["log"]]


@pytest.mark.parametrize("body", [RENAMED, {**ADA, "title": "Ballet"}])
def test_to_the_same_address_it_is_the_same_message(stepped: Stepped, body: NewItem) -> None:
    task = sent(stepped, LeftUncertain("?", ""))
    first = stepped.task(task)["message_id"]
    correct(stepped, body, f"{body['recipient']['name']} <{body['recipient']['email']}>")
    stepped.change(resolve, task, "again")
    assert stepped.task(task)["message_id"] == first


def test_corrected_without_its_function_it_has_its_reference_once_that_is_back(
    stepped: Stepped,
) -> None:
    task = sent(stepped, LATER)
    first = stepped.task(task)["message_id"]
    stepped.registry.exchange({"letter": "a.py is gone."}, ())
    stepped.settle()
    correct(stepped)
    assert stepped.task(task)["message_id"] is None
    stepped.registry.add(letter)
    stepped.settle()
    stepped.clock.time += 30
    stepped.settle()
    assert stepped.task(task)["message_id"] not in {first, None}
    stepped.end(task, Succeeded("1"))
    assert informed(stepped) == "yes"


def test_it_counts_as_a_message_until_then(stepped: Stepped) -> None:
    task = sent(stepped, LATER)
    stepped.registry.exchange({"letter": "a.py is gone."}, ())
    stepped.settle()
    correct(stepped)
    assert informed(stepped) == "not_yet"
    stepped.change(cancel, task)
    assert informed(stepped) == "no"


def test_between_attempts_it_is_another_message_too(stepped: Stepped) -> None:
    task = sent(stepped, LATER)
    first = stepped.task(task)["message_id"]
    correct(stepped, ADA_ELSEWHERE, "Ada <a@new.example>")
    assert stepped.task(task)["message_id"] not in {first, None}


def test_what_was_never_tried_keeps_its_reference(stepped: Stepped) -> None:
    (task,) = submit(stepped, "letter", delay=60)
    first = stepped.task(task)["message_id"]
    correct(stepped)
    assert stepped.task(task)["message_id"] == first


def test_where_none_can_be_made_it_has_none(make: Callable[..., Stepped]) -> None:
    made = iter(["<1@x>"])

    @describe(reference=lambda: next(made))
    def notice(*args: Any) -> None: ...

    stepped = make(notice)
    (task,) = submit(stepped, "notice")
    stepped.end(task, Failed("no", "", final=True))
    put(stepped, names=("work",))
    stepped.change(retry, task)
    assert (stepped.task(task)["to"], stepped.task(task)["message_id"]) == (TO_BO, None)
    stepped.check()


def test_an_answer_says_whom_it_was_about_once_that_was_corrected(stepped: Stepped) -> None:
    task = sent(stepped, LATER)
    assert "to" not in stepped.task(task)["reason_data"]
    for body, to in ((BO, TO_BO), (ADA_ELSEWHERE, "Ada <a@new.example>")):
        correct(stepped, body, to)
        told = stepped.task(task)
        assert (told["to"], told["state"], told["error"]) == (to, "waiting", "451 later")
        data = told["reason_data"]
        assert (data["to"], data["server"], data["code"]) == (TO_ADA, "mail.example", 451)
    correct(stepped, ADA, TO_ADA)
    assert "to" not in stepped.task(task)["reason_data"]
    correct(stepped)
    stepped.clock.time += 30
    stepped.settle()
    assert (stepped.state(task), stepped.task(task)["reason_data"]) == ("running", {})
