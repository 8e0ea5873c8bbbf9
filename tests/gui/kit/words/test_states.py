"""What is said of a task: all of it in one file, and rules that each sentence keeps."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.office import OfficeReason
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.look.theme import TOKENS, Scheme, Theme
from desktop.gui.kit.words.reasons import reason_words
from desktop.gui.kit.words.states import LOOKS, in_words, state_word
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import ON_HOLD, PAUSED_TASK, READY, attempts_of, row_of
from desktop.gui.tasks.detail.leads import headline
from sendoff_tasks.causes import because
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.words.table import ENGLISH
from tests.gui.kit.words.said import APPROVED, NOW, ROWS, explained, said
from tests.gui.tasks.table.task_source import task_row

pytestmark = pytest.mark.usefixtures("qapp")


def test_all_that_is_said_of_a_task_was_read() -> None:
    assert said() == APPROVED.read_text(encoding="utf-8")


def test_each_state_is_in_a_row_and_its_look_is_in_both_schemes() -> None:
    assert {told.row.look for told in ROWS.values()} >= LOOKS.keys() - {OfficeReason.CAME_BACK}
    for look in LOOKS.values():
        for scheme in Scheme:
            assert look.token in TOKENS[scheme]
            assert not icon(look.icon, Theme(scheme).color(look.token), 16).isNull()


def test_no_two_states_look_alike() -> None:
    assert len({each.icon for each in LOOKS.values()}) == len(LOOKS)
    others = [look for key, look in LOOKS.items() if key not in {ON_HOLD, PAUSED_TASK, READY}]
    assert len({each.word for each in others}) == len(others)
    for key in (ON_HOLD, PAUSED_TASK, READY):
        assert LOOKS[key].word == LOOKS[State.WAITING].word, "as on the chip that counts all"
    others.remove(LOOKS[OfficeReason.CAME_BACK])  # it has the colour of what failed
    for scheme in Scheme:
        assert len({TOKENS[scheme][each.token] for each in others}) == len(others)


@pytest.mark.parametrize("name", ROWS)
def test_each_task_is_explained_in_sentences_that_name_no_button_to_who_may_only_look(
    name: str,
) -> None:
    told = ROWS[name]
    assert state_word(told.row)
    assert headline(told.row, NOW, lacks=told.lacks)
    words = explained(told)
    is_over = told.row.state in {State.SUCCEEDED, State.SCHEDULED, State.FAILED}
    assert is_over or (words[0] == words[0].upper() or words.startswith("mx"))
    assert is_over or words[-1] in ".!?"
    alone = explained(told, may_act=False).lower()
    assert not any(word in alone for word in ("press", "choose", "correct the"))


@pytest.mark.parametrize("refusal", ["same_key", "of a later version"])
def test_refusal_is_said_by_the_words_where_they_have_it(refusal: str) -> None:
    data: Any = {"task_id": 4, "key": "a"}
    problem: Any = {"status": 409, "detail": "Task 4 …", "refusal": refusal, "data": data}
    is_known = refusal == "same_key"
    words = say("refused", refusal, **data) if is_known else "Task 4 …"
    assert str(in_words(Refused(problem))) == words


@pytest.mark.parametrize("error", ["451 Try later.", None])
def test_why_a_task_cancelled_itself_is_no_error_of_its_attempts(error: str | None) -> None:
    why = ENGLISH.say("do_not_send", "not_sent", address="ada@example.org")
    told = because(Reason.CANCELLED_BY_TASK, error=why, text=why)
    row = {"reason": Reason.CANCELLED_BY_TASK.value, "reason_data": told.data, "error": error}
    task: Any = {**task_row(1, "cancelled", **row), "history": [{"error": error}]}
    assert row_of(task).error == error
    assert [each["error"] for each in attempts_of(task)] == [error]
    assert reason_words(row_of(task), 0.0) == why.rstrip(".")
