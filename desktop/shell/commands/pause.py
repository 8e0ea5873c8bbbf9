"""``sendoff pause`` and ``resume``: pause or resume some queues, or all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from desktop.client.errors import Refused
from desktop.shell.session import with_backend
from desktop.shell.terminal import fail, local, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api
    from desktop.contract.queues import Queue
    from desktop.shell.backend_address import BackendPlace

Verb = Literal["pause", "resume"]


def run(place: BackendPlace, verb: Verb, queues: Sequence[str]) -> int:
    """Pause or resume the named queues, or all if none is named; return 1 if one is unknown."""

    def command(api: Api) -> int:
        if not queues:
            return _all(api, verb)
        return max([_one(api, verb, queue) for queue in queues])

    return with_backend(place, command)


def _all(api: Api, verb: Verb) -> int:
    if verb == "resume":
        held = [sentence for queue in api.resume(None) if (sentence := still_held(queue))]
        say("No queue is paused, but some are on hold." if held else "No queue is paused.")
        for sentence in held:
            say(sentence)
        return 0
    # A queue that was already paused alone keeps its own time.
    since = max(queue["paused"]["since"] for queue in api.pause(None) if queue["paused"])
    say(f"Everything has been paused since {local(since)}.")
    return 0


def _one(api: Api, verb: Verb, name: str) -> int:
    try:
        (queue,) = api.pause(name) if verb == "pause" else api.resume(name)
    except Refused as error:
        return fail(str(error))
    paused = queue["paused"]
    if paused:
        say(f"The queue {name} has been paused since {local(paused['since'])}.")
    else:
        say(still_held(queue) or f"{name} is not paused.")
    return 0


def still_held(queue: Queue) -> str | None:
    """Say why a queue stays on hold though it is not paused, and what ends the hold."""
    held = queue["held"]
    if held is None:
        return None
    reason = held["reason"] + ("" if held["reason"].endswith(".") else ".")
    if held["until"] is not None:
        return (
            f"{queue['name']} waits for its server since {local(held['since'])}: {reason} "
            f"It continues by itself; `sendoff retry ID` of one of its tasks tries now."
        )
    settings = "save the mail settings or " if held["action"] == "mail_settings" else ""
    return (
        f"{queue['name']} is still on hold since {local(held['since'])}: {reason} "
        f"Fix the problem, then {settings}retry one of its tasks (`sendoff retry ID`)."
    )
