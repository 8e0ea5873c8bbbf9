"""The FastAPI application: its routes, guards and OpenAPI description."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.routing import Route

from desktop import __version__
from desktop.backend.http.guards import (
    OPEN_PATHS,
    BodyLimitMiddleware,
    RightOfWayMiddleware,
    TokenMiddleware,
)
from desktop.backend.http.routes import backend, events, queues, tasks
from desktop.backend.http.wire import openapi, problems
from desktop.backend.routes import batches, items, mail, settings, sign_in
from desktop.settings.tokens import Tokens

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.telemetry import TelemetryConfig
    from starlette.types import ASGIApp, Receive, Scope, Send

    from desktop.backend.on_server import Spare
    from desktop.backend.services import Services

DESCRIPTION = (
    "Takes items and answers at once; their tasks are on disk by then, run when it is their time, "
    "and can be watched."
)

REPORTS_NOTHING: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}
"""Without this, FastAPI looks for an OpenTelemetry provider at each request; there is none."""

# Routes are matched one by one, a microsecond each, so frequent ones come first.
ITEM_ROUTES: Final = (items,)
TASK_ROUTES: Final = (backend, tasks, events, queues, settings)
"""The routes of an app's engine."""
MAIL_ROUTES: Final = (mail, batches, sign_in)


def create_app(
    services: Services,
    *,
    token: str,
    port: int,
    items: bool = True,
    tokens_file: Path | None = None,
) -> FastAPI:
    """Build the application on its services.

    Requests need ``token`` or one of the tokens in ``tokens_file``, and are addressed to ``port``.
    Without ``items``, the API has only the routes of tasks: an app sends no confirmations.
    """
    app = FastAPI(
        title="Sendoff",
        version=__version__,
        description=DESCRIPTION,
        redirect_slashes=False,
        docs_url=None,  # these pages load scripts from another site
        redoc_url=None,
        telemetry=REPORTS_NOTHING,
    )
    app.state.services = services
    app.state.health = lambda: _health(services)
    app.state.tokens = tokens = Tokens(token, tokens_file)
    tokens.on_refusal = partial(_tell_tokens, services)
    problems.install(app)
    for routes in (*ITEM_ROUTES, *TASK_ROUTES, *MAIL_ROUTES) if items else TASK_ROUTES:
        # An included router would be matched twice for each request.
        app.router.routes.extend(routes.router.routes)
    openapi.install(app)
    app.add_middleware(RightOfWayMiddleware, right_of_way=services.engine.right_of_way)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(TokenMiddleware, tokens=tokens, port=port)
    return app


def _tell_tokens(services: Services, refusal: str) -> None:
    """Show a notice while the file of tokens cannot be used."""
    board = services.engine.board
    if refusal:
        board.tell(
            {"id": "tokens", "level": "error", "text": refusal, "action": None, "active": True}
        )
    else:
        board.take_back("tokens")


def _health(services: Services) -> str:
    if services.cut_off.is_set():
        return "no_database"
    return "ok" if services.engine.damage is None else "damaged"


def create_spare_app(spare: Spare, *, token: str, port: int, tokens_file: Path) -> ASGIApp:
    """Build the application of a spare: it tells its health, and refuses the rest.

    Once the spare runs the tasks, its own application answers, which has guards of its own.
    """
    tokens = Tokens(token, tokens_file)
    own = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=REPORTS_NOTHING,
    )
    own.state.tokens = tokens
    own.state.health = lambda: "spare"
    own.state.spare = spare
    problems.install(own)
    for route in backend.router.routes:
        if isinstance(route, Route) and route.path in OPEN_PATHS:
            own.router.routes.append(route)

    async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
        await (own if scope["path"] in OPEN_PATHS else spare.refuse)(scope, receive, send)

    guarded = TokenMiddleware(refusing, tokens=tokens, port=port)

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        await (spare.app or guarded)(scope, receive, send)

    return answering
