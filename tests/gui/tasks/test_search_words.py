"""A search is taken apart and written again, and asks for what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.client.api import TaskQuery
from desktop.contract.tasks import ID_LIMIT
from desktop.gui.tasks.search_field import KEYS, ShownTasks, TypedSearch, batch_number, parse, write

VALUES = st.lists(st.text(min_size=1, max_size=8), max_size=3).map(tuple)
SEARCHES = st.builds(TypedSearch, words=VALUES, **dict.fromkeys(KEYS, VALUES))


@given(SEARCHES)
def test_what_is_written_is_taken_apart_into_the_same(search: TypedSearch) -> None:
    assert parse(write(search)) == search


PIECES = st.sampled_from([*KEYS, ":", '"', "\\", " ", "a"])


@given(st.text(max_size=30) | st.lists(PIECES).map("".join))
def test_any_text_is_a_search(text: str) -> None:
    assert parse(write(parse(text))) == parse(text)


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("opera ada@example.org", TypedSearch(words=("opera", "ada@example.org"))),
        (
            "to:ada State:failed opera",
            TypedSearch(words=("opera",), to=("ada",), state=("failed",)),
        ),
        ('error:"no such user" 550', TypedSearch(words=("550",), error=("no such user",))),
        ('"to:ada"', TypedSearch(words=("to:ada",))),
        ("http://example.org to:", TypedSearch(words=("http://example.org",))),
        ('task:"Label', TypedSearch(task=("Label",))),
    ],
)
def test_keys_and_free_words_combine(text: str, search: TypedSearch) -> None:
    assert parse(text) == search


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("opera to:ada", TaskQuery(text="opera", to="ada", states=("waiting",), standing=True)),
        ("state:failed state:uncertain", TaskQuery(states=("failed", "uncertain"))),
        ("state:kept", TaskQuery(states=("succeeded",), reasons=("kept",))),
        ("state:active", TaskQuery(states=("queued", "running"), standing=False)),
        ("state:waiting", TaskQuery(states=("waiting", "queued"), standing=True)),
        (
            "state:waiting state:failed",
            TaskQuery(states=("waiting", "queued", "failed"), standing=True),
        ),
        ("state:active state:Waiting", TaskQuery(states=("queued", "running", "waiting"))),
        ("state:queued state:active", TaskQuery(states=("queued", "running"))),
        ("state:failed seen:Yes", TaskQuery(states=("failed",), seen=True)),
        ("state:failed seen:no", TaskQuery(states=("failed",), seen=False)),
        ("state:failed seen:it", TaskQuery(states=("failed",), text="seen:it")),
        ("batch:7 state:done", TaskQuery(states=("succeeded",), batch_id=7)),
        ("batch:Members.csv state:done", TaskQuery(states=("succeeded",), batch_id=3)),
        (
            "state:odd task:Label queue:mail error:550",
            TaskQuery(
                text="state:odd",
                called="Label",
                queue="mail",
                error="550",
                states=("waiting",),
                standing=True,
            ),
        ),
    ],
)
def test_a_search_narrows_what_the_chip_shows_and_its_states_replace_it(
    text: str, query: TaskQuery
) -> None:
    shown = ShownTasks(states=("waiting",), standing=True, batches={"members.csv": 3})
    shown.search = parse(text)
    assert shown.query("-id") == query


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("members", 1),
        ("Members.x", 1),
        ("mem", 2),
        ("members-may", 2),
        ("may", ID_LIMIT),
    ],
)
def test_a_batch_is_found_by_the_beginning_of_its_name(name: str, number: int) -> None:
    """*batch:members*, as the help has it, found nothing of members.xlsx."""
    assert batch_number(name, {"members.xlsx": 1, "members-may.xlsx": 2}) == number


def test_a_search_says_nothing_of_the_one_before() -> None:
    """After *state:done batch:7*, *state:done* went on to show the batch alone."""
    shown = ShownTasks(search=parse("state:done batch:7"))
    assert shown.query("-id") == TaskQuery(states=("succeeded",), batch_id=7)
    shown.search = parse("state:done")
    assert shown.query("-id") == TaskQuery(states=("succeeded",))
