"""The services of the routes: made by the composition root, kept on the application."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from asyncio import Future

    from starlette.requests import Request

    from desktop.backend.shared.current_settings import CurrentSettings
    from desktop.backend.shared.io_threads import IoThreads
    from desktop.backend.shared.mail.letters import Letters
    from desktop.backend.shared.settings_effects import SettingsEffects
    from desktop.backend.shared.streams import OpenStreams
    from desktop.engine.events.notices import Notices
    from desktop.engine.facade.engine import Engine
    from desktop.engine.functions.registry import Registry
    from desktop.settings.secrets import Passwords


@dataclass(frozen=True, slots=True)
class Services:
    """The backend's services: one of each in a process.

    - ``under_way``: the calls that ``idempotency.once`` has begun, by their keys
    - ``io``: the threads of blocking tasks; ``None`` in a monitor, where the app has them
    - ``unchecked``: set when rows of drafts have to be checked in the background
    - ``drafting``: held while rows of a draft are read, checked and written back
    """

    registry: Registry
    engine: Engine
    settings: CurrentSettings
    letters: Letters
    passwords: Passwords
    effects: SettingsEffects
    unchecked: threading.Event
    streams: OpenStreams
    under_way: dict[str, tuple[str, Future[Any]]] = field(default_factory=dict)
    io: IoThreads | None = None
    drafting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def notices(self) -> Notices:
        """The engine's notice board, which the backend's own notices use too."""
        return self.engine.board


def services_of(request: Request) -> Services:
    """Find the services of the application a request came to."""
    return cast("Services", request.app.state.services)
