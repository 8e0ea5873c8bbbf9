"""A damaged store: what runs is kept, nothing new begins, and everyone is told which file it is."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from desktop.engine.outcomes import Succeeded
from desktop.engine.store.errors import StoreDamaged
from tests.engine.stepped import SLOTS

if TYPE_CHECKING:
    from tests.engine.stepped import Stepped


def malformed() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def test_what_runs_ends_and_nothing_new_begins(stepped: Stepped) -> None:
    first, *_, last = [stepped.add() for _ in range(SLOTS + 1)]
    stepped.reader.note(malformed())
    stepped.end(first, Succeeded("1"))
    assert stepped.state(first) == "succeeded"
    assert stepped.state(last) == "queued"


def test_the_first_write_that_meets_it_is_told_which_file_it_is(stepped: Stepped) -> None:
    def meet(_: object) -> None:
        raise malformed()

    with pytest.raises(StoreDamaged, match=r"store\.db cannot be used: .*malformed"):
        stepped.do(meet)
    assert stepped.reader.damage is not None
