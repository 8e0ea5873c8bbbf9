"""What the routes work with: made by the composition root, found on the application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from desktop.backend.idempotency import Answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from desktop.backend.current_settings import CurrentSettings
    from desktop.backend.letters import Letters
    from desktop.backend.streams import OpenStreams
    from desktop.contract.events import Notice
    from desktop.engine.engine import Engine
    from desktop.engine.registry import Registry


@dataclass(frozen=True, slots=True)
class Parts:
    """The backend's parts; one of each in a process.

    ``notices`` are the backend's own, such as a task file that does not import; the engine has its
    own beside them.
    """

    registry: Registry
    engine: Engine
    settings: CurrentSettings
    letters: Letters
    streams: OpenStreams
    notices: Sequence[Notice] = ()
    answers: Answers = field(default_factory=Answers)


def parts_of(request: Request) -> Parts:
    """Find the parts of the application a request came to."""
    return cast("Parts", request.app.state.parts)
