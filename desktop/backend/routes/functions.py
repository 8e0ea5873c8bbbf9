"""``/functions``: the registered tasks, each with the arguments it takes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desktop.backend.arguments import described_function
from desktop.backend.services import services_of
from desktop.backend.wire.json_io import json_response
from desktop.backend.wire.openapi import READS, documented
from desktop.backend.wire.parameters import Route
from desktop.contract.functions import TaskFunctions

router = APIRouter(tags=["tasks"], route_class=Route)


@router.get(
    "/functions",
    operation_id="list_functions",
    summary="Registered tasks and their arguments",
    **documented(200, TaskFunctions, *READS),
)
def functions(request: Request) -> Response:
    """List every task that `POST /tasks` can add, by title, with a JSON Schema for a form.

    ``parameters`` describes one object with a property for each parameter. Pass a property in
    ``kwargs``, or at its place in ``args`` if it has ``x-by-place``. The list of a property with
    ``x-rest`` follows the others in ``args``. An enum's ``x-members`` are the names of its values.
    """
    found = [described_function(spec) for spec in services_of(request).registry.specs()]
    found.sort(key=lambda each: (each["title"].casefold(), each["name"]))
    return json_response({"functions": found})
