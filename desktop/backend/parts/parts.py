"""What the routes work with: made by the composition root, found on the application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from desktop.backend.parts.notices import Notices

if TYPE_CHECKING:
    from asyncio import Future

    from starlette.requests import Request

    from desktop.backend.parts.current_settings import CurrentSettings
    from desktop.backend.parts.io_threads import IoThreads
    from desktop.backend.parts.letters import Letters
    from desktop.backend.parts.streams import OpenStreams
    from desktop.engine.engine import Engine
    from desktop.engine.functions.registry import Registry
    from desktop.settings.secrets import Passwords


@dataclass(frozen=True, slots=True)
class Parts:
    """The backend's parts; one of each in a process.

    ``notices`` are the backend's own, such as a task file that does not import; the engine has its
    own beside them. ``under_way`` are the calls ``idempotency.once`` has begun, by their keys.
    ``io`` are the threads of blocking tasks, where the backend makes them.
    """

    registry: Registry
    engine: Engine
    settings: CurrentSettings
    letters: Letters
    passwords: Passwords
    streams: OpenStreams
    notices: Notices = field(default_factory=Notices)
    under_way: dict[str, tuple[str, Future[Any]]] = field(default_factory=dict)
    io: IoThreads | None = None


def parts_of(request: Request) -> Parts:
    """Find the parts of the application a request came to."""
    return cast("Parts", request.app.state.parts)
