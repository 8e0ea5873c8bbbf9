"""Guests: database users who may only hand tasks over."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop.engine.fastapi import AppRegistry, RequestTasks
from desktop.engine.processes.server.guests import NOT_LOADED, UNKNOWN
from desktop.engine.verbs.token import make_token
from tests.engine.fastapi.app import App
from tests.engine.postgres.test_in_transaction import handed, running
from tests.looking import eventually

DOCS = Path(__file__).parents[3] / "docs"
ran: list[Any] = []


def note(value: Any) -> None:
    ran.append(value)


def test_another_user_hands_over_with_the_rights_that_the_docs_name(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    app = App(url)
    name = f"reporting_{url.rpartition('_')[2]}"
    rights = re.findall("GRANT .* TO reporting;", (DOCS / "fastapi.md").read_text("utf-8"))
    assert len(rights) == 4
    with psycopg.connect(url) as admin:
        for statement in (f"CREATE ROLE {name} LOGIN;", *rights):
            admin.execute(statement.replace("reporting;", f"{name};").encode())
    with running(app):
        with psycopg.connect(url.replace("benchmark@", f"{name}@")) as connection:
            RequestTasks(app.engine).using(connection).add_task(note, 1)
        eventually(lambda: ran == [1])
        with psycopg.connect(url.replace("benchmark@", f"{name}@"), autocommit=True) as guest:
            hand_over(guest, f"{__name__}:note", f"{__name__}:note", "[[2],{}]", queue="another")
            eventually(lambda: ran == [1, 2])
            assert {each["name"] for each in app.engine.queues()} == {f"{__name__}:note"}
            hand_over(guest, UNLOADED, f"{UNLOADED}:main", "[[],{}]")
            model = f'[[{{"$type":"model","value":["{UNLOADED}:Model",{{}}]}}],{{}}]'
            hand_over(guest, f"{__name__}:note", f"{__name__}:note", model)
            why = {UNKNOWN.format(UNLOADED), NOT_LOADED.format(UNLOADED)}
            eventually(lambda: {error for _, error in handed(url)} == why)
            assert UNLOADED not in sys.modules
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="as a process"):
                hand_over(guest, "note", f"{__name__}:note", "[[3],{}]", kind="line")


UNLOADED = "turtledemo.clock"
"""A module that every Python has, and none of ours imports."""


def hand_over(
    session: psycopg.Connection[Any],
    name: str,
    place: str,
    arguments: str,
    queue: str = "",
    kind: str = "task",
) -> None:
    """Write a row as anybody may who has the rights."""
    function = [name, *place.split(":"), "A title", queue, "io", 1, None]
    wanted = {"task": {"function": function, "arguments": arguments}, "in_line": False}
    session.execute(
        "INSERT INTO sendoff.handed (sender, number, kind, wanted) VALUES (%s, 1, %s, %s)",
        (make_token(), kind, json.dumps(wanted)),
    )
