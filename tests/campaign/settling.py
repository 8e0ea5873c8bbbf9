"""After the last fault: everything is answered, everything ends, and the backend stops in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.client.api import TaskQuery
from tests.campaign.lives import pause

if TYPE_CHECKING:
    from desktop.client.api import Api
    from tests.campaign.clients import Clients
    from tests.campaign.lives import Lives

WITHIN: Final = 600.0
"""Seconds until everything is answered."""
OPEN: Final = ("scheduled", "queued", "running", "waiting")


def settle(lives: Lives, clients: Clients, items: int) -> None:
    """Run one more backend until no task is open.

    What three crashes in a row stopped waits for a person, who presses *Try now* here.
    """
    life = lives.begin()
    backend = life.ready()
    if backend is None:
        raise RuntimeError(f"it does not start any more; see {lives.folder.logs}")
    api = clients.turn_to(backend)
    clients.allow(items)
    if not clients.wait_accepted(items, WITHIN):
        raise RuntimeError(f"{items - len(clients.accepted)} items were never answered")
    while (counts := api.stats()["counts"]) and sum(counts[state] for state in OPEN):
        if counts["waiting"]:
            _try_now(api)
        pause(0.1)
    life.stop()


def _try_now(api: Api) -> None:
    api.bulk("retry", query=TaskQuery(states=("waiting",)))
