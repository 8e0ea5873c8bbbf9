"""Calls of those who send spreadsheets: drafts with rows, started, paused, retried, taken back."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future
from typing import Any, Final

from desktop.contract.batches import Batch, BatchState, RowOutcome
from desktop.contract.items import Informed
from desktop.items.batches.acting import BatchAction
from desktop.items.batches.drafting import NewBatchAnswer, StartOptions
from desktop.items.batches.rows import CheckedRow, DraftSettings
from desktop.items.facade import Batches
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import Rate
from sendoff_tasks.store.reads.catalogue import read_pending
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.verbs.bulk import BulkDone
from sendoff_tasks.verbs.pending import undo_pending
from tests.simulation.calls.call import call
from tests.simulation.judging.broken import expect
from tests.simulation.judging.errand import Errand
from tests.simulation.stage.props import Sheet
from tests.simulation.stage.scene import Scene

APART: Final = 1_000
"""Between the numbers of two items of spreadsheets, so those the engine picks fit."""
COUNTS: Final = ("left_out", "open", "sent", "kept", "failed", "uncertain", "cancelled")
BATCHES: Final = f"SELECT id, name, state, rows, {', '.join(COUNTS)} FROM batches"  # noqa: S608
NEWEST: Final = """
SELECT batch_row, t.id, state, informed
FROM tasks AS t LEFT JOIN items AS i ON i.id = t.item_id WHERE batch_id = ? AND t.id IN
(SELECT max(id) FROM tasks WHERE batch_id IS NOT NULL
 AND NOT (state = 'cancelled' AND attempt = 0 AND resend_of IS NOT NULL)
 GROUP BY batch_id, batch_row)
"""
ENDS: Final = {State.SUCCEEDED: "sent"}
"""The outcome of a row whose newest task has ended so, where that is another word."""
KEPT_S: Final = 25 * 24 * 3600.0
"""So long a draft is surely kept."""


@call
def bring(
    scene: Scene, label: str, items: list[int], title: str, function: str, rate: str | None
) -> None:
    """Bring a spreadsheet in: make a draft, then put its rows into it."""
    name = None if rate is None else Rate.parse(rate)
    sheet = Sheet(label, [], [], scene.clock.moment)
    for place, item in enumerate(items, 1):
        token = f"{label}r{place}"
        errand = Errand(token, function, label, row_of=(label, APART * item, title), rate=name)
        sheet.errands.append(scene.outside.errands.setdefault(token, errand))
        person = {"name": f"P{item}", "email": f"p{item}@x.org"}
        whole = {"title": title, "recipient": person, "item_id": APART * item}
        sheet.rows.append(CheckedRow(place, whole, f"{token} <{token}@x.org>"))
    scene.sheets[label] = sheet
    wanted = DraftSettings(label, ["number"], [function], rate=rate)
    scene.ask(
        lambda engine: Batches(engine).create(wanted, Idempotency(label, "")),
        lambda created: _put_rows(scene, sheet, created),
    )


def _put_rows(scene: Scene, sheet: Sheet, created: NewBatchAnswer) -> None:
    sheet.number = created.batch_id

    def kept(_: Batch) -> None:
        scene.happened["spreadsheets brought in"] += 1
        sheet.is_kept = True

    scene.ask(lambda engine: Batches(engine).put_rows(created.batch_id, sheet.rows, 0), kept)


@call
def send(scene: Scene, pick: float, delay: float = 0, same: bool = False) -> None:
    """Start a draft."""
    sheet = _pick(scene, pick)
    if sheet is None:
        return
    for errand in sheet.errands:
        errand.is_sent_again |= same
        surely = delay and not sheet.is_started
        errand.not_before = scene.clock.steady() + delay if surely else None
    sheet.is_started = True
    options = StartOptions(send_changed=True, send_same=same, undo_for=delay)

    def start(batches: Batches, number: int) -> Future[Batch]:
        if number in batches.unchecked_drafts():  # another was started since: checked again
            batches.put_rows(number, sheet.rows, batches.revision(number))
        return batches.start(number, options)

    _want(scene, sheet, "send", start)


@call
def pause_batch(scene: Scene, pick: float) -> None:
    _want(scene, _pick(scene, pick), "pause batch", lambda batches, number: batches.pause(number))


@call
def resume_batch(scene: Scene, pick: float) -> None:
    _want(scene, _pick(scene, pick), "resume batch", lambda batches, number: batches.resume(number))


@call
def cancel_batch(scene: Scene, pick: float) -> None:
    _want(
        scene, _pick(scene, pick), "cancel", lambda batches, number: batches.act("cancel", number)
    )


@call
def retry_batch(scene: Scene, pick: float) -> None:
    _want(scene, _pick(scene, pick), "retry", lambda batches, number: batches.act("retry", number))


@call
def take_back(scene: Scene, pick: float) -> None:
    """Make a started batch a draft again, by its pending start if it has one; or delete a draft."""
    sheet = _pick(scene, pick)
    if sheet is not None and sheet.number is not None:
        sheet.is_deleted = True  # or a draft again
        number = sheet.number
        scene.want("undo", None, lambda engine: _undo(engine, number))


def _undo(engine: Any, number: int) -> Future[Any]:
    now = round(engine.now() * 1000)
    waiting = engine.read(read_pending, now, None)
    starts = [row["id"] for row in waiting if (row["action"], row["batch_id"]) == ("start", number)]
    if not starts:
        return Batches(engine).delete(number)
    undone: Future[Any] = engine.do(lambda group: undo_pending(group, starts[0]))
    return undone


@call
def batch_later(scene: Scene, pick: float, action: BatchAction, delay: float) -> None:
    """Have something done to a spreadsheet after a while, unless it is undone."""
    sheet = _pick(scene, pick)
    if sheet is None or sheet.number is None:
        return
    sheet.is_deleted |= action == "delete"
    number = sheet.number

    def ask(engine: Any) -> Future[BulkDone]:
        waits: Future[BulkDone] = Batches(engine).act(action, number, delay)
        return waits

    verb = "undo" if action == "delete" else action
    scene.have_wait(verb, None, delay, ask)


def _pick(scene: Scene, pick: float) -> Sheet | None:
    known = [sheet for sheet in scene.sheets.values() if sheet.number is not None]
    return known[int(pick * len(known))] if known else None


def _want(scene: Scene, sheet: Sheet | None, verb: str, act: Any) -> None:
    if sheet is not None:
        scene.want(verb, None, lambda engine: act(Batches(engine), sheet.number))


def judge_sheets(scene: Scene, connection: Any) -> None:
    """Find all rows that were brought in, each with what became of its newest task."""
    there = {}
    for number, name, state, rows, *counts in connection.execute(BATCHES):
        there[name] = rows
        read = Batches(scene.process.engine).rows(number)["rows"] if scene.process else []
        expect(len(read) == rows, "counts are true", f"{name} has {len(read)} rows, counts {rows}")
        if state == BatchState.DRAFT:
            continue
        counted = {word: n for word, n in zip(COUNTS, counts, strict=True) if n}
        found = Counter(str(row["outcome"]) for row in read)
        how = f"the rows of {name} are {found}, it counts {counted}"
        expect(counted == found, "counts are true", how)
        told = {row["row"]: row for row in read}
        for place, task, after, informed in connection.execute(NEWEST, (number,)):
            row = told[place]
            is_gone = (row["task_id"] or 0) > task  # the newest one was forgotten since
            was_sent = row["outcome"] == RowOutcome.SENT and informed == Informed.YES
            may_have_come = after == State.CANCELLED and True in scene.witness.errands[task].unsure
            allowed = {ENDS.get(State(after), after)} | ({"uncertain"} if may_have_come else set())
            same = is_gone or was_sent or row["outcome"] in allowed
            how = f"row {place} of {name} is {row['outcome']}, its newest task {after}"
            expect(same, "counts are true", how)
    for sheet in scene.sheets.values():
        sure = sheet.is_kept and not sheet.is_deleted
        sure &= scene.clock.furthest - sheet.at.wall < KEPT_S
        if sure and scene.clock.is_within(sheet.at, KEPT_S):
            how = f"of {len(sheet.rows)} rows of {sheet.label} {there.get(sheet.label)} are there"
            expect(there.get(sheet.label) == len(sheet.rows), "nothing accepted is lost", how)
