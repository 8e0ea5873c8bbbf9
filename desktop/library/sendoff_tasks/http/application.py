"""The FastAPI application: the routes of its parts, guards and OpenAPI description."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from fastapi import FastAPI
from starlette.routing import Mount, Router

from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.folder.tokens import Tokens
from sendoff_tasks.http.guards import (
    LARGE,
    BodyLimitMiddleware,
    RightOfWayMiddleware,
    TokenMiddleware,
)
from sendoff_tasks.http.page.mounted import page
from sendoff_tasks.http.page_codes import OnceCodes
from sendoff_tasks.http.routes import acts, backend, events, queues, tasks
from sendoff_tasks.http.wire import openapi, problems
from sendoff_tasks.model import VERSION
from sendoff_tasks.model.events import Notice, NoticeId
from sendoff_tasks.model.program import PROGRAM
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from fastapi import APIRouter
    from fastapi.routing import APIRoute
    from fastapi.telemetry import TelemetryConfig
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from sendoff_tasks.http.services import TaskServices

DESCRIPTION = (
    "Takes tasks and answers at once; they are on disk by then, run when it is their time, and "
    "can be watched."
)

REPORTS_NOTHING: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}
"""Without this, FastAPI looks for an OpenTelemetry provider at each request; there is none."""


@dataclass(frozen=True, slots=True)
class ApiPart:
    """What a feature adds to an application.

    - ``routers``: its routes; of two with the same method and path the earlier part's is used
    - ``problems``: makes the answers of its own errors, by their class
    - ``examples``: the file with the examples of its operations
    - ``describe``: adds to the schemas of the OpenAPI description
    - ``large``, ``streamed``: patterns of its paths, see ``BodyLimitMiddleware``
    - ``unoffered``: names of functions that the page of the tasks does not offer to run
    """

    routers: Sequence[APIRouter]
    problems: Mapping[type[Exception], Callable[[Any], Response]] = field(default_factory=dict)
    examples: Path | None = None
    describe: Callable[[dict[str, Any]], object] = lambda schemas: None
    large: str = ""
    streamed: str = ""
    unoffered: Collection[str] = ()


# Routes are matched one by one, a microsecond each, so frequent ones come first.
TASKS: Final = ApiPart(
    (backend.router, tasks.router, events.router, queues.router, acts.router),
    examples=Path(__file__).with_name("openapi-examples.json"),
    large=LARGE,
)
"""The routes of an app's engine."""


def build_app(
    services: TaskServices,
    *,
    token: str,
    port: int,
    tokens_file: Path | None = None,
    parts: Sequence[ApiPart] = (TASKS,),
) -> FastAPI:
    """Build the application on its services, of these parts.

    Requests need ``token`` or one of the tokens in ``tokens_file``, and are addressed to ``port``.
    The page of the tasks is at ``/monitor/``; it has guards of its own.
    """
    app = FastAPI(
        title=PROGRAM.title,
        version=VERSION,
        description=DESCRIPTION,
        redirect_slashes=False,
        docs_url=None,  # these pages load scripts from another site
        redoc_url=None,
        telemetry=REPORTS_NOTHING,
    )
    app.state.services = services
    app.state.health = lambda: _health(services)
    app.state.tokens = tokens = Tokens(token, tokens_file)
    tokens.on_refusal = partial(services.engine.board.show, NoticeId.TOKENS)
    problems.install(
        app, {kind: answer for part in parts for kind, answer in part.problems.items()}
    )
    # An included router would be matched twice for each request.
    app.router.routes.extend(routes_of(parts))
    openapi.install(
        app,
        [part.examples for part in parts if part.examples],
        [part.describe for part in parts],
    )
    app.add_middleware(RightOfWayMiddleware, right_of_way=services.engine.right_of_way)
    large, streamed = ("|".join(filter(None, each)) for each in _patterns(parts))
    app.add_middleware(BodyLimitMiddleware, large=large, streamed=streamed)
    app.add_middleware(TokenMiddleware, tokens=tokens, port=port)
    app.state.codes = codes = OnceCodes(partial(_tell_second_use, services))
    if tokens_file is not None:
        folder = DataFolder(tokens_file.parent)
        unoffered = {name for part in parts for name in part.unoffered}
        served = page(lambda: folder, unoffered=unoffered, codes=codes)
        app.add_middleware(_PageMiddleware, page=served)
    return app


class _PageMiddleware:
    """ASGI middleware that serves the page of the tasks, before the guards of the API."""

    def __init__(self, app: ASGIApp, page: ASGIApp) -> None:
        self._app = app
        self._page = Router([Mount("/monitor", page)], default=app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the page, if it is addressed to it."""
        is_page = scope["type"] == "http" and f"{scope['path']}/".startswith("/monitor/")
        await (self._page if is_page else self._app)(scope, receive, send)


def _patterns(parts: Sequence[ApiPart]) -> tuple[list[str], list[str]]:
    return [part.large for part in parts], [part.streamed for part in parts]


def routes_of(parts: Sequence[ApiPart]) -> list[APIRoute]:
    """List the routes of parts in their order, each method of a path once."""
    routes: dict[tuple[str, frozenset[str]], APIRoute] = {}
    for router in (router for part in parts for router in part.routers):
        for route in cast("list[APIRoute]", router.routes):
            routes.setdefault((route.path, frozenset(route.methods or ())), route)
    return [*routes.values()]


def _tell_second_use(services: TaskServices) -> None:
    """Tell windows that an address was opened again; one that was opened since tells anew."""
    said = ENGLISH.say("page_call", "used_twice")
    services.notices.take_back(NoticeId.PAGE)
    services.notices.tell(
        Notice(id=NoticeId.PAGE, level="warning", text=said, action=None, active=True)
    )


def _health(services: TaskServices) -> str:
    if services.cut_off.is_set():
        return "no_database"
    return "ok" if services.engine.damage is None else "damaged"
