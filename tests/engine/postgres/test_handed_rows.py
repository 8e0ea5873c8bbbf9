"""Rows that other sessions hand over are accepted once, also where they are read twice."""

from __future__ import annotations

from typing import Any

from desktop.engine.postgres.handed_rows import Handed, accept_handed
from desktop.engine.processes.wire import dump_task, load_tasks
from desktop.engine.submission import NewTask, Submission
from desktop.engine.verbs.submit import make_token, prepare


def test_what_is_read_again_with_more_of_its_sender_is_accepted_once(stepped: Any) -> None:
    rows = []
    for number in (1, 2):
        token = make_token()
        submission = prepare(Submission(tasks=[NewTask("work", token=token)]), stepped.registry)
        wanted = dump_task(submission.tasks[0])
        row = ("request", number, token, wanted)
        insert = (
            "INSERT INTO handed (sender, number, kind, token, wanted)"
            " VALUES (?, ?, 'task', ?, ?) RETURNING id"
        )
        (handed,) = stepped.connection.execute(insert, row).fetchone()
        rows.append((handed, number, wanted))

    def taking(*chosen: Any) -> None:
        handed = Handed([row for row, *_ in chosen], load_tasks([each[1:] for each in chosen]))
        stepped.do(lambda group: accept_handed(group, handed))

    taking(rows[0])
    taking(*rows)
    assert len(stepped.states()) == 1
    taking(rows[1])
    assert len(stepped.states()) == 2
    assert stepped.connection.execute("SELECT count(*) FROM handed").fetchone() == (0,)
