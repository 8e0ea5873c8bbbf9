"""``sendoff pause`` and ``resume``: some queues, or all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from desktop.client.errors import Refused
from desktop.shell.session import with_backend
from desktop.shell.terminal import fail, local, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api

Verb = Literal["pause", "resume"]


def run(folder: str | None, verb: Verb, queues: Sequence[str]) -> int:
    """Pause or resume each queue, or all where none is named; returns 1 when one is unknown."""

    def command(api: Api) -> int:
        if not queues:
            return _all(api, verb)
        return max([_one(api, verb, queue) for queue in queues])

    return with_backend(folder, command)


def _all(api: Api, verb: Verb) -> int:
    if verb == "resume":
        api.resume(None)
        say("Everything goes on.")
        return 0
    # A queue that was paused alone before keeps its own time.
    since = max(queue["paused"]["since"] for queue in api.pause(None) if queue["paused"])
    say(f"Everything is paused since {local(since)}.")
    return 0


def _one(api: Api, verb: Verb, name: str) -> int:
    try:
        (queue,) = api.pause(name) if verb == "pause" else api.resume(name)
    except Refused as error:
        return fail(str(error))
    paused = queue["paused"]
    say(f"{name} is paused since {local(paused['since'])}." if paused else f"{name} goes on.")
    return 0
