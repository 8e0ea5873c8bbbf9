"""Scrubbing: no file of the store has a byte of what its tables no longer have."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow, undo
from desktop.items.tables.item_statements import RETAIN_NEWEST
from sendoff_tasks.attempts.outcomes import Failed
from sendoff_tasks.clock import DAY_S
from sendoff_tasks.duties.scrubber import LATER_MS, WAIT_MS, Scrubbing, ScrubPhase, scrub_now
from sendoff_tasks.store.database import connect_reader
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.transaction.searching import SearchWords
from sendoff_tasks.verbs.change import SEEN, change
from sendoff_tasks.verbs.remove import remove
from tests.engine.stepped import Make, Stepped
from tests.items.corrections import BO, put

pytestmark = pytest.mark.usefixtures("in_file")
WORDS: Final = (b"zyxwol", b"quandrivell", b"kjhzplm", b"bzzuvtitel", b"xfeldwertz")
"""Words that nothing else has; an index has a word without the letters of the one before it."""
LOST: Final = [*WORDS, *(word[1:] for word in WORDS)]
HER: Final = {
    "title": "Bzzuvtitel",
    "recipient": {"name": "Zyxwol Quandrivell", "email": "kjhzplm@example.org"},
    "fields": {"extra": "Xfeldwertz"},
}
TO_HER: Final = "Zyxwol Quandrivell <kjhzplm@example.org>"


def store_files(stepped: Stepped) -> bytes:
    path = Path(stepped.path)
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


def found(stepped: Stepped) -> set[bytes]:
    content = store_files(stepped).lower()
    return {word for word in LOST if word in content}


def add_her(stepped: Stepped, number: int = 777) -> int:
    """Add an item among others, and have all of its words indexed."""
    for other in range(1, 30):
        rows = [NewTask("work", (other,), to=f"p{other}@example.org")]
        stepped.submit(ItemSubmission([NewItemRow(other, {"title": f"t{other}"}, rows)]))
    own = [NewTask("work", (number,), to=TO_HER)]
    task = stepped.submit(ItemSubmission([NewItemRow(number, HER, own)])).task_ids[0][0]
    stepped.wait(60)
    stepped.wait(60)
    return task


def taken_back(stepped: Stepped) -> None:
    add_her(stepped)
    stepped.do(lambda group: undo(group, 777))


def corrected(stepped: Stepped) -> None:
    add_her(stepped)
    put(stepped, BO, names=[], number=777)
    stepped.connection.execute(RETAIN_NEWEST, ("[777]",))  # else it shows what it was


def failed(stepped: Stepped) -> int:
    hers = NewTask("work", ("Xfeldwertz",), to=TO_HER, title="Bzzuvtitel")
    (task,) = stepped.submit(Submission([hers])).task_ids
    stepped.end(task, Failed("550 the box of Zyxwol Quandrivell is full", "", final=True))
    stepped.wait(60)
    return task


def expired(stepped: Stepped) -> None:
    failed(stepped)
    stepped.wait(91 * DAY_S)


def removed(stepped: Stepped) -> None:
    task = failed(stepped)
    stepped.do(lambda group: change(group, group.read(task), SEEN))
    stepped.do(lambda group: remove(group, [group.read(task)]))


@pytest.mark.parametrize("way", [taken_back, corrected, expired, removed])
def test_nothing_is_left_of_what_is_gone(make: Make, way: Callable[[Stepped], None]) -> None:
    stepped = make(slots=3 if way in {expired, removed} else 0)
    way(stepped)
    assert found(stepped)
    stepped.wait(WAIT_MS / 1000)
    let_it_end(stepped)
    assert found(stepped) == set()
    stepped.check()


def let_it_end(stepped: Stepped) -> None:
    """Let time pass until the duty has nothing to do."""
    scrubbing = stepped.core.memory.part(Scrubbing)
    while (
        scrubbing.phase is not ScrubPhase.NONE
        or not stepped.core.memory.part(SearchWords).is_scrubbed
    ):
        stepped.wait(LATER_MS / 1000)


def test_what_was_asked_for_is_done_with_the_answer(make: Make) -> None:
    stepped = make(slots=0)
    taken_back(stepped)
    stepped.do(scrub_now)
    assert found(stepped) == set()
    stepped.check()


def test_a_scrub_that_was_cut_short_is_done_after_the_start(make: Make) -> None:
    stepped = make(slots=0)
    taken_back(stepped)
    stepped.restart()
    stepped.wait(WAIT_MS / 1000)
    let_it_end(stepped)
    assert found(stepped) == set()


def test_what_was_asked_for_goes_on_right_after_the_start(make: Make) -> None:
    stepped = make(slots=0)
    taken_back(stepped)
    stepped.ask(scrub_now)
    stepped.step()
    stepped.restart()
    stepped.wait(60)
    assert found(stepped) == set()


def test_words_that_go_while_it_is_under_way_are_not_overlooked(make: Make) -> None:
    stepped = make(slots=0)
    taken_back(stepped)
    add_her(stepped, 778)
    stepped.ask(scrub_now)
    stepped.step()
    stepped.ask(lambda group: undo(group, 778))
    stepped.settle()
    stepped.wait(DAY_S)
    let_it_end(stepped)
    assert found(stepped) == set()
    stepped.check()


def test_while_another_reads_the_log_it_waits_without_stopping_the_engine(make: Make) -> None:
    stepped = make(slots=0)
    taken_back(stepped)
    with closing(connect_reader(stepped.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tasks").fetchone()
        stepped.do(scrub_now)
        assert found(stepped)
        stepped.add()
    let_it_end(stepped)
    assert found(stepped) == set()


def test_it_begins_once_a_day_at_most(make: Make) -> None:
    stepped = make(slots=0)
    taken_back(stepped)
    stepped.wait(WAIT_MS / 1000)
    let_it_end(stepped)
    taken_back(stepped)
    stepped.wait(DAY_S / 2)
    assert found(stepped)
    stepped.wait(DAY_S / 2)
    let_it_end(stepped)
    assert found(stepped) == set()
