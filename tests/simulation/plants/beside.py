"""Mistakes about what lies beside the store, and about a store or a clock that is not the last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from desktop.items import accepting
from desktop.items.batches import feeding
from desktop.settings import preferences
from sendoff_tasks.attempts.context import TaskContext
from sendoff_tasks.duties import recovery
from sendoff_tasks.duties.recovery import Life
from sendoff_tasks.folder import safe_files
from sendoff_tasks.functions import source
from sendoff_tasks.store.mark import StoreMark
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.writer import core
from tests.simulation.judging.preferences import STAY
from tests.simulation.plants.planting import plant


@plant("a mark that names a run before the store does", "only an older store begins paused")
def hasty_mark() -> Any:
    real = StoreMark._name_run

    def name_run(self: StoreMark, event: int, *, is_past: bool) -> None:
        run = f"{id(self):032x}"
        with patch("sendoff_tasks.store.mark.uuid.uuid4") as drawn:
            drawn.return_value.hex = run
            self._write(replace(self._place, run=run, event=event))
            real(self, event, is_past=is_past)

    return patch.object(StoreMark, "_name_run", name_run)


@plant("an older store whose pause is forgotten", "an older store begins paused")
def forgotten_past() -> Any:
    return patch.object(recovery, "pause", lambda *_: None)


@plant("a message in sent/ that is sent again", "no effect twice")
def unseen_evidence() -> Any:
    return patch.object(TaskContext, "asked_again", True)


@plant("a row that has another Message-ID in an older store", "no effect twice")
@contextmanager
def unnamed_row() -> Iterator[None]:
    with (
        patch.object(accepting, "name_message", lambda *_: None),
        patch.object(feeding, "name_message", lambda *_: None),
    ):
        yield


@plant("a clock ahead at a start that deletes at once", "nothing is forgotten", "accepted once")
def trusted_clock() -> Any:
    return patch.object(core, "doubt_at_start", lambda _: None)


@plant("a lost line of a limit that means no limit", STAY, "rates", "concurrency")
def lost_limit() -> Any:
    return patch.object(preferences, "_put_back", lambda *_: None)


@plant("an empty settings file that means practice", STAY, "real sending stays real")
def lost_server() -> Any:
    return patch.object(preferences, "_lost", lambda *_: ())


@plant("a task file that is used as it is", "half a task file is not run")
def half_file() -> Any:
    return patch.object(source, "await_quiet", lambda *_: True)


@plant("a task file whose owner is not asked for", "a task file of another user is not run")
def foreign_file() -> Any:
    return patch.object(safe_files, "_check", lambda *_: None)


@plant(
    "a stop that is not recorded at the signal",
    *("outcomes are true", "the history tells every attempt"),
)
def unheard_stop() -> Any:
    def note_stop(group: Group) -> None:
        group.part(Life).stop_noted = True

    return patch.object(core, "note_stop", note_stop)
