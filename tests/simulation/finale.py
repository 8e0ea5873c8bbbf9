"""The end of a history: the faults stop, everything open must end, and the store must be true."""

from __future__ import annotations

from functools import partial
from operator import methodcaller
from typing import Any, Final

from desktop.items.facade import Batches
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.states import OPEN
from tests.engine.scan import DIFFERENT, miscounted, searched_by
from tests.simulation.calls.beside import mend_settings
from tests.simulation.calls.spreadsheets import judge_sheets
from tests.simulation.calls.work import advance, not_done
from tests.simulation.judging.broken import expect
from tests.simulation.judging.endings import EITHER, UNSEEN, endings
from tests.simulation.judging.errand import Attempt, Phase
from tests.simulation.stage.scene import Scene

ROUNDS: Final = 20_000
"""Turns at the end at most: some thousands where a spreadsheet may send two rows an hour."""
IDLE: Final = 500
"""Turns in which no task ends, after which none ever will; sound stores need some tens."""
HOPELESS: Final = 4
"""Of so many tasks that are open at the end, one fails until it may not any more."""
PATIENCE_S: Final = 6 * 24 * 3600.0
"""Seconds in which all is done: a hundred tasks a day where four may begin in an hour."""
NEXT = "SELECT min(run_at) FROM tasks WHERE run_at IS NOT NULL"
COUNTED = "SELECT function, state, n FROM counts WHERE n <> 0"
GROUPED = "SELECT function, state, count(*) FROM tasks GROUP BY 1, 2"
HISTORY = "SELECT task_id, attempt, outcome, count FROM attempts"
UNDER_WAY = "SELECT id FROM batches WHERE state NOT IN ('draft', 'done')"
PAUSED = "SELECT id FROM batches WHERE state = 'paused'"
LAST_WAIT = "SELECT max(until) FROM queues"
WAITS = """
SELECT name FROM queues WHERE until IS NOT NULL AND name NOT IN (
  SELECT f.queue FROM tasks AS t JOIN functions AS f ON f.id = t.function
  WHERE t.state IN ('scheduled', 'queued', 'running', 'waiting')
) ORDER BY name
"""
FOUND = "SELECT DISTINCT doc, term FROM temp.vocabulary"
TITLES = """
SELECT id, json_extract(coalesce(
  (SELECT body FROM corrections WHERE item_id = items.id ORDER BY number DESC LIMIT 1), body
), '$.title') FROM items
"""


def conclude(scene: Scene) -> None:
    """Judge the whole history."""
    scene.disk.faults.clear()
    for name in sorted(scene.gone):
        scene.bring_back(name)
    mend_settings(scene)
    scene.task_files.finish()
    scene.boot()
    for _ in range(3):  # until the settings file is quiet, and was read
        scene.settle()
        scene.clock.advance(1)
    if not scene.is_trusted:
        return  # it has started, or has said what is wrong
    expect(scene.process, "it starts again", "the program does not start on a sound disk")
    if scene.setting.is_ours:
        scene.task_files.judge_newest(scene.registry)
    _end_all(scene)
    if not scene.damaged:
        scene.guarded(lambda process: judge(scene, process.connection))
        _judge_waits(scene)


def _end_all(scene: Scene) -> None:
    """Let lanes work and persons help until nothing is open."""
    off = abs(scene.clock.furthest - scene.clock.now())  # what was said then waits till then
    until = scene.clock.steady() + PATIENCE_S + off
    still: tuple[list[int], list[int]] | None = None
    since = 0
    for turn in range(ROUNDS):
        due = scene.settle()
        before, still = still, (_open(scene), _sheets(scene, UNDER_WAY))
        if scene.damaged or not any(still):
            break
        if still != before:
            since = turn
        expect(scene.process, "it keeps running", "the program has ended without a fault")
        if scene.outside.live:
            for attempt in list(scene.outside.live.values()):
                _go_on(scene, attempt)
        else:
            _pass_time(scene, due)
        if scene.clock.steady() > until or turn - since > IDLE:
            break
    left = {number: scene.witness.tasks[number].state for number in _open(scene)}
    expect(not left, "every open task ends", f"still open: {left}")
    sheets = [] if scene.damaged else _sheets(scene, UNDER_WAY)
    expect(not sheets, "every spreadsheet comes to its end", f"still under way: {sheets}")


def _go_on(scene: Scene, attempt: Attempt) -> None:
    """Let an attempt do its work; some tasks never can, and use up their attempts."""
    if attempt.phase is Phase.BEGUN and not attempt.claim.task_id % HOPELESS:
        not_done(scene, attempt, "fail")
    else:
        advance(scene, attempt)


def _pass_time(scene: Scene, due: float | None) -> None:
    """Let time come to what it will do next; where that is nothing, a person has to help."""
    (moment,) = scene.guarded(lambda process: process.connection.execute(NEXT).fetchone())
    ahead = 0.0 if moment is None else moment / 1000 - scene.clock.now()
    if ahead > 0:
        scene.clock.advance(ahead + 0.001)
        return
    _help(scene)
    # a rate lets the next one begin, a disk is tried again
    ahead = 60.0 if due is None else max(0.0, due - scene.clock.now())
    scene.clock.advance(min(ahead, 3600.0))


def _open(scene: Scene) -> list[int]:
    return [number for number, seen in scene.witness.tasks.items() if seen.state in OPEN]


def _sheets(scene: Scene, query: str) -> list[int]:
    """Return the spreadsheets that the query finds."""
    found: list[Any] = scene.guarded(lambda p: p.connection.execute(query).fetchall()) or []
    return [number for (number,) in found]


def _help(scene: Scene) -> None:
    """Do what a person can: let go what is held or paused, say what became of the uncertain."""
    for queue in sorted(scene.outside.held):
        scene.want("release", None, methodcaller("release", queue))
    if scene.outside.paused:
        scene.want("resume", None, lambda engine: engine.resume(None))
    waiting = [n for n, seen in scene.witness.tasks.items() if seen.state == "waiting"]
    for number in waiting:
        scene.want("retry", [number], methodcaller("retry", number))
    for sheet in _sheets(scene, PAUSED):
        scene.want("resume batch", None, partial(_resume, sheet))
    if any(seen.state == "uncertain" for seen in scene.witness.tasks.values()):
        uncertain = TaskFilter(states=("uncertain",))
        scene.want("done", None, methodcaller("bulk", "done", uncertain))


def _resume(sheet: int, engine: Any) -> Any:
    return Batches(engine).resume(sheet)


def judge(scene: Scene, connection: Any) -> None:
    """Compare the store with what everybody outside knows."""
    witness = scene.witness
    witness.compare(connection)
    witness.compare_tasks(connection)
    if scene.process is not None:
        scene.listener.compare(scene.process)
    _judge_accepted(scene, connection)
    counted = sorted(connection.execute(COUNTED))
    grouped = sorted(connection.execute(GROUPED))
    expect(counted == grouped, "counts are true", f"{counted} for {grouped}")
    odd = [*miscounted(connection), *connection.execute(DIFFERENT).fetchall()][:3]
    expect(not odd, "causes are counted", str(odd))
    _judge_corrections(scene, connection)
    judge_sheets(scene, connection)
    _judge_search(connection)
    _judge_history(scene, connection)
    found = connection.execute("PRAGMA integrity_check").fetchall()
    expect(found == [("ok",)] or scene.disk.has_lied, "the store stays sound", str(found))


def _judge_accepted(scene: Scene, connection: Any) -> None:
    """Find everything that was accepted: items with all their tasks, and loose tasks."""
    there = dict(connection.execute("SELECT id, item_id FROM tasks"))
    for errand in scene.outside.errands.values():
        number = errand.accepted
        expect(number is None or number in there, "nothing accepted is lost", f"{errand} is gone")
    items = connection.execute("SELECT id, first_task, task_count FROM items").fetchall()
    for item, first, count in items:
        gone = scene.witness.gone
        whole = all(there.get(n) == item or n in gone for n in range(first, first + count))
        expect(whole, "items have all their tasks", f"item {item} lacks some of its {count}")
    known = {item for item, _, _ in items}
    orphans = {item for item in there.values() if item is not None} - known
    expect(not orphans, "items have all their tasks", f"no items {orphans}, but tasks of them")


def _judge_waits(scene: Scene) -> None:
    """Find no queue that waits for its server after its time, with no task to ask it."""
    (last,) = scene.guarded(lambda process: process.connection.execute(LAST_WAIT).fetchone())
    if last is not None:
        scene.clock.advance(max(0.0, last / 1000 - scene.clock.now()) + 1)
        scene.settle()
    waits = scene.guarded(lambda process: process.connection.execute(WAITS).fetchall())
    told = f"nothing is left that asks for {[name for (name,) in waits]}"
    expect(not waits, "a wait ends with its tasks", told)


def _judge_history(scene: Scene, connection: Any) -> None:
    """Find each attempt in its task's history, with the word for how it ended."""
    words = {
        (task, number): word
        for task, last, word, count in connection.execute(HISTORY)
        for number in range(last - count + 1, last + 1)
    }
    for task, seen in scene.witness.tasks.items():
        errand = scene.witness.errands[task]
        for number in range(1, seen.attempt + 1):
            attempt, word = errand.attempts.get((task, number)), words.get((task, number))
            if attempt is None and errand.is_past:
                continue
            allowed = UNSEEN if attempt is None else endings(attempt, *EITHER)
            told = sorted({ending.word for ending in allowed})
            how = f"attempt {number} of task {task} is told as {word}, not {told}"
            expect(word in told, "the history tells every attempt", how)


def _judge_corrections(scene: Scene, connection: Any) -> None:
    """Find items as they were corrected last, as far as that is known; forgotten ones are new."""
    if scene.witness.gone:
        return
    handed = {f"Item {label}" for label in scene.handed} | scene.once_titled
    for item, title in connection.execute(TITLES):
        known = scene.corrected.get(item)
        if known is not None and known.is_sure:
            allowed = known.titles if known.is_told else known.titles | handed
            how = f"item {item} is called {title}, not {sorted(allowed)}"
            expect(title in allowed, "corrections are kept", how)


def _judge_search(connection: Any) -> None:
    """Find each task by what it shows, its item, arguments and error, and by nothing else."""
    found = {(doc, term) for doc, term in connection.execute(FOUND)}
    wanted = searched_by(connection)
    odd = sorted(found ^ wanted)[:3]
    expect(not odd, "search finds each task", f"by its words and no others, but {odd}")
