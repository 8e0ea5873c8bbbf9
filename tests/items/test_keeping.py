"""Items outlive their tasks: whether a person was informed can be said for years."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.reads import items
from desktop.items.reads.items import ItemSearch, read_item, read_item_detail, read_items
from sendoff_tasks.attempts.outcomes import Outcome
from sendoff_tasks.clock import DAY_S
from sendoff_tasks.duties.pruner import EVERY_MS, PAUSE_MS, PrunerProgress
from sendoff_tasks.errors import Conflict
from sendoff_tasks.submission import NewTask
from sendoff_tasks.verbs.cancel import cancel
from tests.engine.scan import DIFFERENT
from tests.engine.stepped import START, Stepped
from tests.engine.verbs.test_bulk import act
from tests.items.corrections import BO, put
from tests.items.reads.letters import DONE, KEPT, REFUSED, UNSURE, letter, receipt

ADA = {
    "title": "Opera",
    "recipient": {"name": "Ada Lovelace", "email": "ada@example.org"},
    "fields": {"seat": "Row 9"},
}
Make = Callable[..., Stepped]


@pytest.fixture
def stepped(make: Make) -> Stepped:
    return make(letter, receipt, slots=8)


def submit(stepped: Stepped, number: int, *names: str, body: Any = ADA) -> list[int]:
    own = [NewTask(name, (number,), to="Ada <ada@example.org>") for name in names]
    rows = [NewItemRow(number, body, own)]
    return stepped.submit(ItemSubmission(rows)).task_ids[0]


def told(stepped: Stepped, number: int, outcome: Outcome) -> None:
    (task,) = submit(stepped, number, "letter")
    stepped.end(task, outcome)


def pass_days(stepped: Stepped, days: float) -> None:
    """Let so many days pass, and everything go that is too old by then."""
    stepped.clock.time += days * DAY_S + EVERY_MS / 1000
    stepped.settle()
    while (
        stepped.core.memory.part(PrunerProgress).next_tidy
        < stepped.clock.now() * 1000 + EVERY_MS / 2
    ):
        stepped.clock.time += PAUSE_MS / 1000
        stepped.settle()


def found(stepped: Stepped, **wanted: Any) -> list[int]:
    return [
        each["item_id"] for each in read_items(stepped.connection, ItemSearch(**wanted))["items"]
    ]


@pytest.mark.parametrize(
    ("outcome", "informed"),
    [(DONE, "yes"), (REFUSED, "no"), (UNSURE, "not_sure"), (KEPT, "kept")],
)
def test_it_can_be_said_in_november_whether_a_person_was_told_in_september(
    stepped: Stepped, outcome: Outcome, informed: str
) -> None:
    told(stepped, 1, outcome)
    before = read_item(stepped.connection, 1)
    pass_days(stepped, 100)
    after = read_item(stepped.connection, 1)
    assert stepped.states() == {}
    assert after == before | {"tasks": []}
    assert (after["informed"], after["erased"]) == (informed, False)
    assert after["informed_at"] == before["created_at"]


def test_a_person_who_removes_the_tasks_keeps_the_items(stepped: Stepped) -> None:
    told(stepped, 1, DONE)
    act(stepped, "remove", [1])
    assert (stepped.states(), found(stepped, informed=("yes",))) == ({}, [1])


def test_what_a_deleted_message_said_counts_beside_those_that_are_left(stepped: Stepped) -> None:
    first, second = submit(stepped, 1, "letter", "letter")
    stepped.end(first, UNSURE)
    pass_days(stepped, 60)
    stepped.end(second, REFUSED)
    pass_days(stepped, 31)
    assert list(stepped.states()) == [second]
    again = stepped.send_again(second)["id"]
    assert read_item(stepped.connection, 1)["informed"] == "not_sure"
    stepped.settle()
    stepped.end(again, REFUSED)
    assert read_item(stepped.connection, 1)["informed"] == "not_sure"
    assert stepped.connection.execute(DIFFERENT).fetchall() == []


def test_a_message_that_is_cancelled_then_goes_leaves_a_no(stepped: Stepped) -> None:
    (task,) = submit(stepped, 1, "letter")
    stepped.change(cancel, task)
    stepped.end(task, REFUSED)
    pass_days(stepped, 31)
    assert read_item(stepped.connection, 1)["informed"] == "no"


def test_contents_go_after_a_year_and_the_row_after_three(stepped: Stepped) -> None:
    told(stepped, 1, DONE)
    submit(stepped, 2, body={})  # the last number stays
    pass_days(stepped, 364)
    assert read_item(stepped.connection, 1)["recipient"] == ADA["recipient"]
    pass_days(stepped, 1)
    item = read_item_detail(stepped.connection, 1)
    assert item["erased"]
    assert (item["title"], item["recipient"], item["fields"]) == (None, None, {})
    assert (item["item"], item["versions"]) == ({}, [])
    assert (item["informed"], item["informed_at"]) == ("yes", item["created_at"])
    pass_days(stepped, 729)
    assert found(stepped) == [2, 1]
    pass_days(stepped, 1)
    assert found(stepped) == [2]


def test_its_year_begins_when_its_person_was_told(stepped: Stepped) -> None:
    (task,) = submit(stepped, 1, "letter")
    stepped.clock.time += 300 * DAY_S
    stepped.end(task, DONE)
    pass_days(stepped, 364)
    assert not read_item(stepped.connection, 1)["erased"]
    pass_days(stepped, 1)
    assert read_item(stepped.connection, 1)["erased"]


def test_an_item_with_a_task_keeps_its_contents(stepped: Stepped) -> None:
    (task,) = submit(stepped, 1, "letter")
    pass_days(stepped, 1200)
    assert not read_item(stepped.connection, 1)["erased"]
    stepped.end(task, DONE)


def test_corrections_go_with_the_contents(stepped: Stepped) -> None:
    told(stepped, 1, DONE)
    pass_days(stepped, 100)
    put(stepped, BO)
    assert found(stepped, text="ballet") == [1]
    pass_days(stepped, 364)
    assert read_item(stepped.connection, 1)["title"] == "Ballet"
    pass_days(stepped, 1)
    assert read_item_detail(stepped.connection, 1)["versions"] == []
    assert stepped.connection.execute("SELECT count(*) FROM corrections").fetchone() == (0,)


def test_words_find_an_item_without_a_task_like_any_other(stepped: Stepped) -> None:
    for number in (1, 2, 3):
        told(stepped, number, DONE if number < 3 else REFUSED)
    pass_days(stepped, 91)
    submit(stepped, 4, "letter")
    submit(stepped, 5, body={"title": "Opera", "fields": {}})
    assert found(stepped, text="opera") == [5, 4, 3, 2, 1]
    assert found(stepped, text="love row ada@ex", descending=False) == [1, 2, 3]
    assert found(stepped, text="opera", informed=("yes",)) == [2, 1]
    assert found(stepped, text="opera", limit=2) == [5, 4]
    assert found(stepped, text="opera", limit=2, after=4) == [3, 2]
    assert found(stepped, text="2") == [2]
    counts = read_items(stepped.connection, ItemSearch("opera"))["counts"]
    assert (counts["yes"], counts["no"], counts["not_yet"], counts["none"]) == (2, 1, 1, 1)
    alone = partial(found, stepped, without_task=True)
    assert alone(text="opera") == [5, 3, 2, 1]
    assert alone(text="opera", limit=2) == [5, 3]
    assert alone(text="opera", limit=2, after=3) == [2, 1]
    assert alone(text="lovelace", informed=("yes",)) == [2, 1]
    assert [alone(text=text) for text in ("2", "4", "…")] == [[2], [], []]
    assert (alone(), alone(informed=("no",))) == ([5, 3, 2, 1], [3])
    assert (alone(batch_id=1), alone(text="opera", batch_id=1)) == ([], [])
    for text in ("opera", ""):
        page = read_items(stepped.connection, ItemSearch(text, limit=1, without_task=True))
        counts = page["counts"]
        assert (counts["yes"], counts["no"], counts["not_yet"], counts["none"]) == (2, 1, 0, 1)
        assert page["counts_are_exact"]
    pass_days(stepped, 400)
    assert found(stepped, text="lovelace") == []
    assert found(stepped, text="2") == alone(text="2") == [2]


def test_a_search_of_very_many_goes_on_with_the_next_page(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "LOOKED_AT", 3)
    for number in range(1, 9):
        submit(stepped, number, body=ADA if number % 4 == 1 else {"title": "Ballet"})
    pages, after = [], None
    while True:
        page = read_items(stepped.connection, ItemSearch("opera", after=after))
        pages.append([each["item_id"] for each in page["items"]])
        assert not page["counts_are_exact"] or after == 3
        after = page["next"]
        if after is None:
            break
    assert pages == [[], [5], [1]]


def test_a_number_whose_contents_are_gone_is_not_registered_again(stepped: Stepped) -> None:
    told(stepped, 1, DONE)
    pass_days(stepped, 400)
    with pytest.raises(Conflict, match="already exists"):
        submit(stepped, 1, "letter")
    assert put(stepped, BO, names=["letter"], send=True).added
    assert read_item(stepped.connection, 1)["title"] == "Ballet"
    assert not read_item(stepped.connection, 1)["erased"]
    assert read_item(stepped.connection, 1)["created_at"].startswith(when(START))
    assert found(stepped, text="ballet") == [1]


def when(moment: float) -> str:
    from sendoff_tasks.model.times import wire_time

    return wire_time(round(moment * 1000))[:10]
