"""A window that follows the tasks by the journal's frames, and resumes where it was."""

from __future__ import annotations

import json
from typing import Any

from sendoff_tasks.store.reads.query import TaskQuery
from tests.simulation.judging.broken import expect
from tests.simulation.stage.process import Process

TABLE = "SELECT id, rev, state FROM tasks"
PAGE = 1000


class Listener:
    """Knows each task's ``rev`` and state, and the last frame's id."""

    def __init__(self) -> None:
        self._at: str | None = None
        self._tasks: dict[int, tuple[int, str]] = {}

    def listen(self, process: Process) -> None:
        """Read the next frame since the last one; the first time, everything."""
        if self._at is None:
            self._read_all(process)
            return
        subscription = process.journal.subscribe(self._at)
        frame = subscription.next_frame()
        subscription.close()
        if frame is None:
            return
        if frame.tasks is None:
            self._read_all(process)
            return
        self._at = frame.id
        changes = json.loads(frame.tasks)
        for row in changes["rows"]:
            before = self._tasks.get(row["id"], (0, ""))
            grows = row["rev"] >= before[0]
            expect(grows, "rev grows", f"task {row['id']} had {before}, has {row['rev']}")
        self._note(changes["rows"])
        for number in changes["gone"]:
            self._tasks.pop(number, None)

    def compare(self, process: Process) -> None:
        """Read on to the last frame, and compare what is known with the table."""
        read = None
        while read is None or read != self._at:
            read = self._at
            self.listen(process)
        table = {n: (rev, state) for n, rev, state in process.connection.execute(TABLE)}
        odd = sorted({number for number, _ in table.items() ^ self._tasks.items()})
        how = f"tasks {odd} are not as the frames told"
        expect(not odd, "a listener knows the table", how)

    def _read_all(self, process: Process) -> None:
        page = process.engine.rows(TaskQuery(limit=PAGE))
        self._at = page["as_of"]
        self._tasks.clear()
        self._note(page["tasks"])

    def _note(self, rows: list[Any]) -> None:
        self._tasks.update({row["id"]: (row["rev"], row["state"]) for row in rows})
