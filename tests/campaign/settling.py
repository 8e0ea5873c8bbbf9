"""After the last fault: everything is answered, everything ends, and the backend stops in order."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from sendoff_tasks.client.calls import SortedFilter, new_key
from tests.campaign.lives import pause

if TYPE_CHECKING:
    from desktop.client.api import Api
    from tests.campaign.clients import Clients
    from tests.campaign.lives import Lives

WITHIN: Final = 600.0
"""Seconds until everything is answered, and from then on until everything has ended."""
OPEN: Final = ("scheduled", "queued", "running", "waiting")


def settle(
    lives: Lives, clients: Clients, items: int, within: float = WITHIN, *, helps: bool = True
) -> None:
    """Run one more backend until no task is open.

    What three crashes in a row stopped waits for a person, who presses *Try now* here if ``helps``;
    else it is left after ``within`` seconds.
    """
    life = lives.begin()
    backend = life.ready()
    if backend is None:
        raise RuntimeError(f"it does not start any more; see {lives.folder.logs}")
    api = clients.turn_to(backend)
    clients.allow(items)
    if not clients.wait_accepted(items, WITHIN):
        raise RuntimeError(f"{items - len(clients.accepted)} items were never answered")
    come_to_rest(api, within, helps=helps)
    life.stop()


def come_to_rest(api: Api, within: float = WITHIN, *, helps: bool = True) -> None:
    """Wait until no task is open; raises ``RuntimeError`` when that takes too many seconds.

    Without help nothing is raised: what is open then is judged as lost.
    """
    end = time.monotonic() + within
    while left := _open(api):
        if time.monotonic() > end:
            if not helps:
                return
            raise RuntimeError(f"tasks are still open after {within:.0f} s: {left}")
        if helps and "waiting" in left:
            api.actions.act("retry", query=SortedFilter(states=("waiting",)), key=new_key())
        pause(0.1)


def _open(api: Api) -> dict[str, int]:
    counts = api.stats()["counts"]
    return {state: counts[state] for state in OPEN if counts[state]}
