"""``pause`` and ``resume`` steer queues; ``schedules`` what runs by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.model.program import PROGRAM, command
from sendoff_tasks.shell.command_line import fail, local, say, say_list
from sendoff_tasks.shell.session import asks_backend
from sendoff_tasks.words.reasons import paused_words
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse

    from sendoff_tasks.client.calls import TasksApi
    from sendoff_tasks.model.queues import Queue
    from sendoff_tasks.model.tasks import Schedule

PauseVerb = Literal["pause", "resume"]
ScheduleVerb = Literal["pause", "resume", "run"]

_QUEUE: Final = "A task's queue is what its @task says, or its name."


@asks_backend
def pause_or_resume(api: TasksApi, options: argparse.Namespace) -> int:
    """Pause or resume the named queues, or all if none is named; return 1 if one is unknown."""
    if not options.queues:
        return _all(api, options.command)
    return max([_one(api, options.command, queue) for queue in options.queues])


def _all(api: TasksApi, verb: PauseVerb) -> int:
    if verb == "resume":
        held = [sentence for queue in api.resume(None) if (sentence := still_held(queue))]
        say(ENGLISH.say("session", "some_held" if held else "none_paused"))
        for sentence in held:
            say(sentence)
        return 0
    # A queue that was already paused alone keeps its own time.
    since = max(queue["paused"]["since"] for queue in api.pause(None) if queue["paused"])
    say(f"{paused_words(None, since)}.")
    return 0


def _one(api: TasksApi, verb: PauseVerb, name: str) -> int:
    try:
        (queue,) = api.pause(name) if verb == "pause" else api.resume(name)
    except Refused as error:
        return fail(str(error))
    paused = queue["paused"]
    if paused:
        say(f"{paused_words(name, paused['since'])}.")
    else:
        say(still_held(queue) or ENGLISH.say("session", "not_paused", name=name))
    return 0


def still_held(queue: Queue) -> str | None:
    """Say why a queue stays on hold though it is not paused, and what ends the hold."""
    held = queue["held"]
    if held is None:
        return None
    return ENGLISH.say(
        "session",
        "still_held" if held["until"] is None else "still_waits",
        name=queue["name"],
        at=local(held["since"]),
        why=held["reason"].rstrip("."),
        also=PROGRAM.ends_hold.get(held["action"] or "", ""),
        command=command("retry ID"),
    )


def schedules(options: argparse.Namespace) -> int:
    """List the schedules, or steer one."""
    if options.verb is None:
        return _list_schedules(options)
    if options.name is None:
        options.refuse(f"{options.verb} needs the NAME of a schedule")
    return _steer(options)


@asks_backend
def _list_schedules(api: TasksApi, options: argparse.Namespace) -> int:
    """Print all schedules, by name."""
    found = api.schedules.all()
    if not (found or options.json):
        say(ENGLISH.say("session", "no_schedules"))
    say_list(found, _line, as_json=options.json)
    return 0


@asks_backend
def _steer(api: TasksApi, options: argparse.Namespace) -> int:
    """Pause or resume a schedule, or run its task now."""
    verb: ScheduleVerb = options.verb
    name: str = options.name
    if verb == "run":
        row = api.schedules.run(name, new_key())
        say(f"Task {row['id']} is {row['state']}.")
        return 0
    schedule = api.schedules.pause(name) if verb == "pause" else api.schedules.resume(name)
    say(f"{name} {_next(schedule)}.")
    return 0


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
