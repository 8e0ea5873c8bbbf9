"""What the routes work with: made by the composition root, found on the application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from asyncio import Future

    from starlette.requests import Request

    from desktop.backend.parts.current_settings import CurrentSettings
    from desktop.backend.parts.io_threads import IoThreads
    from desktop.backend.parts.letters import Letters
    from desktop.backend.parts.streams import OpenStreams
    from desktop.engine.engine import Engine
    from desktop.engine.events.notices import Notices
    from desktop.engine.functions.registry import Registry
    from desktop.settings.secrets import Passwords


@dataclass(frozen=True, slots=True)
class Parts:
    """The backend's parts; one of each in a process.

    ``under_way`` are the calls ``idempotency.once`` has begun, by their keys.
    ``io`` are the threads of blocking tasks, where the backend makes them.
    """

    registry: Registry
    engine: Engine
    settings: CurrentSettings
    letters: Letters
    passwords: Passwords
    streams: OpenStreams
    under_way: dict[str, tuple[str, Future[Any]]] = field(default_factory=dict)
    io: IoThreads | None = None

    @property
    def notices(self) -> Notices:
        """The engine's notice board; the backend tells its own there, too."""
        return self.engine.board


def parts_of(request: Request) -> Parts:
    """Find the parts of the application a request came to."""
    return cast("Parts", request.app.state.parts)
