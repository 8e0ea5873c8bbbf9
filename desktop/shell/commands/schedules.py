"""``sendoff schedules``: list, pause and resume schedules, or run one's task now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from desktop.client.api import new_key
from desktop.shell.session import with_backend
from desktop.shell.terminal import local, say, say_row

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.functions import Schedule
    from desktop.shell.backend_address import BackendPlace

Verb = Literal["pause", "resume", "run"]


def show(place: BackendPlace, *, as_json: bool) -> int:
    """Print all schedules, by name."""

    def command(api: Api) -> int:
        found = api.schedules.all()
        if as_json:
            print(json.dumps(found, indent=1))
            return 0
        if not found:
            say('No task runs by itself. In a task file: @task(cron="0 7 * * mon-fri").')
        for schedule in found:
            say_row(_line(schedule))
        return 0

    return with_backend(place, command)


def steer(place: BackendPlace, verb: Verb, name: str) -> int:
    """Pause or resume a schedule, or run its task now."""

    def command(api: Api) -> int:
        if verb == "run":
            row = api.schedules.run(name, new_key())
            say(f"Task {row['id']} is {row['state']}.")
            return 0
        schedule = api.schedules.pause(name) if verb == "pause" else api.schedules.resume(name)
        say(f"{name} {_next(schedule)}.")
        return 0

    return with_backend(place, command)


def _line(schedule: Schedule) -> str:
    """Format a schedule as one line: name, times, next time, state of its last task."""
    every = schedule["every"]
    when = f"every {every}" if every else f"{schedule['cron']} {schedule['timezone']}"
    last = schedule["last"]
    told = ""
    if last is not None:
        told = f"; task {last['task_id']} {last['state'] or 'forgotten'}, {local(last['at'])}"
    return f"{schedule['name']:<20}  {when:<30}  {_next(schedule)}{told}"


def _next(schedule: Schedule) -> str:
    if schedule["paused_at"] is not None:
        return f"has been paused since {local(schedule['paused_at'])}"
    next_at = schedule["next_at"]
    if next_at is None:
        return "is not due"
    return f"is due {local(next_at, seconds=(schedule['every'] or '').endswith(' s'))}"
