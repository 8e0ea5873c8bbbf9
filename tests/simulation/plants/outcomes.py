"""Mistakes about what has become of an attempt or a task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final
from unittest.mock import patch

from sendoff_tasks import text
from sendoff_tasks.attempts.outcomes import (
    Crashed,
    Failed,
    Later,
    LeftUncertain,
    NotBegun,
    Outcome,
    Succeeded,
)
from sendoff_tasks.causes import because
from sendoff_tasks.dispatch import after_attempt
from sendoff_tasks.dispatch.after_attempt import end as end_task
from sendoff_tasks.dispatch.after_attempt import expire
from sendoff_tasks.duties import recovery
from sendoff_tasks.duties.stager import stage as stage_tasks
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.writer import core, notes
from sendoff_tasks.writer.core import Core
from tests.simulation.plants.planting import plant

OUTCOMES: Final = "outcomes are true"


def told(becomes: Callable[[TaskRecord, Outcome], Outcome]) -> Any:
    """Write down something else than an attempt has said."""
    return patch.object(notes, "end", lambda g, r, said: end_task(g, r, becomes(r, said)))


@plant("a success that is written down as a failure", OUTCOMES)
def success_as_failure() -> Any:
    wrong = Failed("no", "", final=True)
    return told(lambda _, said: wrong if isinstance(said, Succeeded) else said)


@plant("a success past its mark that is written down as a failure", OUTCOMES)
def marked_as_failure() -> Any:
    wrong = Failed("no", "", final=True)
    return told(lambda r, said: wrong if r.passed and isinstance(said, Succeeded) else said)


@plant("a success past its mark that is called uncertain", OUTCOMES)
def marked_as_uncertain() -> Any:
    wrong = LeftUncertain("?", "")
    return told(lambda r, said: wrong if r.passed and isinstance(said, Succeeded) else said)


@plant("a failure that is written down as a success", OUTCOMES)
def failure_as_success() -> Any:
    return told(lambda _, said: Succeeded("null") if isinstance(said, Failed) else said)


@plant("a last failure that is tried again", OUTCOMES)
def endless_tries() -> Any:
    def end(group: Group, record: TaskRecord, said: Outcome) -> None:
        record.max_attempts += isinstance(said, Failed)
        end_task(group, record, said)

    return patch.object(notes, "end", end)


@plant("recovery that calls every orphan uncertain", OUTCOMES)
def timid_recovery() -> Any:
    def end(group: Group, record: TaskRecord, said: Outcome) -> None:
        record.passed = 1
        end_task(group, record, said)

    return patch.object(recovery, "end", end)


@plant("a kill that counts against all that ran", "nobody is blamed for others")
def blamed() -> Any:
    def suspect(_: Group, cut_short: Sequence[TaskRecord], __: int) -> Any:
        return [(record, Crashed("The program ended.")) for record in cut_short]

    return patch.object(recovery, "suspect", suspect)


@plant("an end whose words cannot be stored that counts as a crash", OUTCOMES)
def words_as_crash() -> Any:
    def becomes(_: TaskRecord, said: Outcome) -> Outcome:
        is_odd = isinstance(said, Failed) and "\ufffd" in said.error
        return Crashed("no") if is_odd else said

    return told(becomes)


@plant(
    "half a character that the store refuses at an end", "the engine makes no mistakes", OUTCOMES
)
def refused_words() -> Any:
    return patch.object(text, "valid_text", lambda told: told)


@plant("an attempt without a thread that counts as a crash", OUTCOMES)
def thread_as_crash() -> Any:
    return told(lambda _, said: Crashed("no") if isinstance(said, NotBegun) else said)


@plant(
    "a group without memory that is given up",
    *(OUTCOMES, "everyone is answered", "every open task ends", "nothing accepted is lost"),
)
def given_up() -> Any:
    real = Core._refused

    def refused(self: Core, notes: Any, requests: Any, error: Exception) -> None:
        lost = isinstance(error, MemoryError)
        real(self, [] if lost else notes, [] if lost else requests, error)

    return patch.object(Core, "_refused", refused)


@plant("recovery that looks at no mark", OUTCOMES, "no effect twice")
def bold_recovery() -> Any:
    def end(group: Group, record: TaskRecord, said: Outcome) -> None:
        record.passed = 0
        end_task(group, record, said)

    return patch.object(recovery, "end", end)


@plant("a running task that is not asked to stop", "who is cancelled is asked to stop")
def unheard_cancel() -> Any:
    return patch.object(Core, "_stop", lambda *_: None)


@plant("a cancelled task that is tried again", OUTCOMES)
def forgotten_cancel() -> Any:
    def ended(group: Group, record: TaskRecord, word: Any, error: Any, trace: str = "") -> bool:
        group.end_attempt(record, word, error, trace)
        return False

    return patch.object(after_attempt, "_ended_by_cancel", ended)


@plant("a deadline that passes too soon", "deadlines")
def hasty_deadline() -> Any:
    def stage(group: Group) -> None:
        for record in group.select(statements.EXPIRED, group.now + 5_000, 500):
            expire(group, record)
        stage_tasks(group)

    return patch.object(core, "stage", stage)


@plant("a failure past its deadline that waits", OUTCOMES)
def patient_deadline() -> Any:
    real = after_attempt._fail

    def fail(group: Group, record: TaskRecord, said: Failed | Later, kind: Reason) -> None:
        if kind == Reason.DEADLINE_PASSED:
            later = because(Reason.RETRY_LATER)
            after_attempt._retry_after(group, record, "failed", said.error, "", 10.0, later)
        else:
            real(group, record, said, kind)

    return patch.object(after_attempt, "_fail", fail)


@plant("a failure before its deadline that is not tried again", OUTCOMES)
def strict_deadline() -> Any:
    def becomes(record: TaskRecord, said: Outcome) -> Outcome:
        if isinstance(said, Failed) and record.deadline is not None:
            return replace(said, final=True)
        return said

    return told(becomes)


@plant("an attempt that is missing in the history", "the history tells every attempt")
def lost_attempt() -> Any:
    real = Group.end_attempt

    def end_attempt(self: Group, record: TaskRecord, outcome: str, *given: Any) -> None:
        if outcome != "crashed":
            real(self, record, outcome, *given)  # type: ignore[arg-type]

    return patch.object(Group, "end_attempt", end_attempt)
