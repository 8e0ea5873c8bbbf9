"""The backend's application: the parts of items, tasks and e-mails; and that of a spare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.routing import Route

from desktop.backend.routes import batches, do_not_send, items, mail, settings, sign_in, tasks
from desktop.backend.wire.refusals import PROBLEMS
from desktop.backend.wire.schemas import describe
from desktop.contract.batches import MAIL_TASKS
from desktop.settings.resources import resources
from sendoff_tasks.folder.tokens import Tokens
from sendoff_tasks.http.application import REPORTS_NOTHING, TASKS, ApiPart, build_app
from sendoff_tasks.http.guards import OPEN_PATHS, TokenMiddleware
from sendoff_tasks.http.routes import backend
from sendoff_tasks.http.wire import problems

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from desktop.backend.on_server import Spare
    from desktop.backend.services import Services


PARTS: Final = (
    ApiPart(
        (items.router, tasks.router),
        PROBLEMS,
        resources() / "openapi-examples.json",
        describe,
        large=r"/items/batch|/do-not-send(/check)?|/batches/[^/]+/rows",
        streamed=(
            r"(/(templates|batches)/[^/]+)?/attachments/[^/]+|/batches/[^/]+/source|/bounces"
        ),
        unoffered=MAIL_TASKS,
    ),
    TASKS,
    ApiPart((mail.router, batches.router, do_not_send.router, settings.router, sign_in.router)),
)
"""The parts of Sendoff's own backend, frequent routes first."""


def create_app(
    services: Services, *, token: str, port: int, tokens_file: Path | None = None
) -> FastAPI:
    """Build the backend's application; see ``build_app``."""
    return build_app(services, token=token, port=port, tokens_file=tokens_file, parts=PARTS)


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
