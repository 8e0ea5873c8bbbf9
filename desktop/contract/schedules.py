"""Schedules as ``GET /schedules`` tells them: tasks that are made again and again by themselves."""

from __future__ import annotations

from typing import TypedDict


class LastRun(TypedDict):
    """The task a schedule made last; ``state`` is null once that was forgotten."""

    at: str
    task_id: int
    state: str | None


class Schedule(TypedDict):
    """When a task is due, either by the line ``cron`` in a ``timezone`` or by the span ``every``.

    ``next_at`` is null while it is paused. ``missed`` says what becomes of due times that pass
    while nothing runs: ``run_once`` or ``skip``.
    """

    name: str
    title: str
    cron: str | None
    every: str | None
    timezone: str | None
    missed: str
    next_at: str | None
    last: LastRun | None
    paused_at: str | None


class Schedules(TypedDict):
    """``GET /schedules``, by name."""

    schedules: list[Schedule]
