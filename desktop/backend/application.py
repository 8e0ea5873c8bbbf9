"""The backend's application: the parts of items, tasks and e-mails; and that of a spare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from pydantic import TypeAdapter
from starlette.routing import Route

from desktop.backend.routes import batches, do_not_send, items, mail, settings, sign_in, tasks
from desktop.backend.wire.refusals import PROBLEMS
from desktop.contract.office import OfficeFields
from desktop.settings.resources import resources
from sendoff_tasks.folder.tokens import Tokens
from sendoff_tasks.http.application import REPORTS_NOTHING, TASKS, ApiPart, build_app
from sendoff_tasks.http.guards import OPEN_PATHS, TokenMiddleware
from sendoff_tasks.http.routes import backend
from sendoff_tasks.http.wire import problems
from sendoff_tasks.http.wire.openapi import ANY_OBJECT

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from desktop.backend.on_server import Spare
    from desktop.backend.services import Services


_TEXT_OR_NULL: Final = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def _describe(schemas: dict[str, Any]) -> None:
    """Describe what tasks have here besides, and that a row is told as it came, even if wrong."""
    fields = TypeAdapter(OfficeFields).json_schema()["properties"]
    for item in schemas.keys() & {"Item", "ItemDetail"}:
        schemas[item]["properties"]["tasks"]["items"] = {"$ref": "#/components/schemas/TaskRow"}
    schemas.pop("OfficeRow", None)
    for name in schemas.keys() & {"TaskRow", "OfficeTask"}:
        schemas[name]["properties"] = {**schemas[name]["properties"], **fields}
        schemas[name]["required"] = [*dict.fromkeys([*schemas[name]["required"], *fields])]
    if "HandedOver" in schemas:
        schemas["HandedOver"]["properties"]["message_id"] = _TEXT_OR_NULL
        schemas["HandedOver"]["required"].append("message_id")
    if "OfficeTask" in schemas:
        schemas["OfficeTask"]["required"] += ["message_id", "addressee", "edition"]
    if "BatchRow" in schemas:
        item = schemas["BatchRow"]["properties"]["item"]
        schemas["BatchRow"]["properties"]["item"] = {"anyOf": [item, ANY_OBJECT]}


PARTS: Final = (
    ApiPart(
        (items.router, tasks.router), PROBLEMS, resources() / "openapi-examples.json", _describe
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
