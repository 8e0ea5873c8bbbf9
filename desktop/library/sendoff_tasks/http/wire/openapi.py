"""Describes each route for OpenAPI: its body, its answers with an example, and its errors."""

from __future__ import annotations

import json
import types
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Union, get_args, get_origin

from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from starlette.responses import Response

from sendoff_tasks.http.wire.bodies import IDEMPOTENCY_KEY, UNDO_FOR
from sendoff_tasks.model.problems import MEDIA_TYPE, FieldError, Problem
from sendoff_tasks.model.tasks import GRACE_LIMIT, ID_LIMIT, KEY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from fastapi import FastAPI

_COMPONENT: Final = "#/components/schemas/"
_JSON: Final = "application/json"
_BYTES: Final = "application/octet-stream"
ANY_OBJECT: Final = {"type": "object", "additionalProperties": True}
_BINARY: Final = {"type": "string", "format": "binary"}

REPLAYED_HEADER: Final = {"Idempotent-Replayed": "`true` when this answer was given before."}
"""The header of a repeated answer, with its description."""

_named: Final[dict[str, Any]] = {}
"""The types that routes refer to, by name."""

_MOMENTS: Final = frozenset({"at", "since", "until", "deadline"})
"""Names of fields that are times, besides those that end in ``_at``."""

_DETAILS: Final[dict[int, tuple[str, str]]] = {
    400: ("Bad Request", "The body is not JSON: EOF while parsing an object at line 1 column 1."),
    401: ("Unauthorized", "A token is required."),
    403: ("Forbidden", "The backend answers only to its own address."),
    404: ("Not Found", "There is no task 17."),
    405: ("Method Not Allowed", "/queues does not allow PATCH."),
    409: ("Conflict", "This key was used with another request."),
    413: ("Request Entity Too Large", "The body is larger than the 1 MiB this route takes."),
    422: ("Unprocessable Entity", "run_at: Give either delay or run_at, not both."),
    429: ("Too Many Requests", "Too busy to take more now; try again in 1 s."),
    500: ("Internal Server Error", "Something went wrong inside the backend."),
    503: ("Service Unavailable", "The disk is full."),
}
"""The title of each error, and the detail of its example."""

ALWAYS: Final = (401, 403, 405, 413, 422, 500)

ACT: Final = "x-act"
"""The field of an operation of which an act is kept: always, or if a ``PERSON`` says who asks."""
PERSON: Final = "person"


def documented(
    schema: Any,
    *errors: int,
    status: int = 200,
    headers: Mapping[str, str] = types.MappingProxyType({}),
    body: Any = None,
    body_needed: bool = True,
    keyed: bool = False,
    upload: bool = False,
    path: str | None = None,
    media: str = _JSON,
    also: Mapping[int, str] = types.MappingProxyType({}),
    no_content: str | None = None,
    open_to_all: bool = False,
    act: bool | str = False,
    undoable: bool = False,
) -> dict[str, Any]:
    """Return the keyword arguments of a route's decorator.

    - ``schema``, ``status``, ``headers``, ``media``: the successful answer
    - ``errors``: the statuses besides those that every route has, or by its path and methods
    - ``body``: the type of a body that the route reads by itself
    - ``keyed``: the route takes an ``Idempotency-Key``
    - ``upload``: the body is the bytes of a file
    - ``path``: a number in the path that the route reads by itself
    - ``also``: describes other statuses with the same schema
    - ``no_content``: describes a 204 besides the other success
    - ``open_to_all``: the route needs no token
    - ``undoable``: the query says for how long it can be undone; see ``requests.undo_for``
    - ``act``: it is kept who asked; its name is the verb and what it is about: ``pause_queue``.
      With ``PERSON`` only if the request says who asks: programs ask, too
    """
    extra: dict[str, Any] = {"security": []} if open_to_all else {}
    if act:
        extra[ACT] = act
    always = {*ALWAYS} - {401} if open_to_all else {*ALWAYS}
    parameters: list[dict[str, Any]] = []
    if path is not None:
        parameters.append({"name": path, "in": "path", "required": True, "schema": _ID})
    if body is not None or upload:
        errors = (*errors, 400)
    if body is not None:
        content = {_JSON: {"schema": _reference(body)}}
        extra["requestBody"] = {"required": body_needed, "content": content}
    if upload:
        extra["requestBody"] = {"required": True, "content": {_BYTES: {"schema": _BINARY}}}
    if keyed:
        headers = {**headers, **REPLAYED_HEADER}
        parameters.append(_KEY_PARAMETER)
        errors = (*errors, 409)
    if undoable:
        parameters.append(_UNDO_PARAMETER)
    if parameters:
        extra["parameters"] = parameters
    good = {status: _answer(schema, headers, media)}
    for other, text in also.items():
        good[other] = {**good[status], "description": text}
        if other == 503:
            good[other]["headers"] = {**_RETRY_AFTER}
    if no_content is not None:
        good[204] = {"description": no_content}
    described = {} if media == _JSON else {"response_class": Response}  # else also as JSON
    return {
        **described,
        "status_code": status,
        "response_model": None,
        "openapi_extra": extra,
        "responses": {
            **good,
            **{error: _error(error) for error in sorted(always | {*errors})},
        },
    }


def implied(path: str, methods: Iterable[str]) -> dict[int | str, dict[str, Any]]:
    """Return the errors that a route has by its path and methods."""
    errors = [*([404] if "{" in path else []), *([] if "GET" in methods else [429]), 503]
    return {error: _error(error) for error in errors}


_RETRY_AFTER: Final = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
_ID: Final = {"type": "integer", "minimum": 1, "maximum": ID_LIMIT}
_KEY_PARAMETER: Final = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "required": False,
    "description": "The same key and request again: the first answer, and no second effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT},
    "example": "5f0c3b1e-8a52-4b8e-9a3c-2f4f5b1c7d10",
}


_UNDO_PARAMETER: Final = {
    "name": UNDO_FOR,
    "in": "query",
    "required": False,
    "description": "Seconds for which it can be undone; its tasks start once they are over. The "
    "answer has the `pending` action, and `DELETE /pending/{id}` undoes it.",
    "schema": {"type": "number", "minimum": 0, "maximum": GRACE_LIMIT, "default": 0},
    "example": 8,
}


def install(
    app: FastAPI,
    examples: Sequence[Path] = (),
    describing: Sequence[Callable[[dict[str, Any]], object]] = (),
) -> None:
    """Make ``app`` build its OpenAPI document when it is first requested.

    ``examples`` are files with those of bodies and answers, by operation; ``describing`` add to its
    schemas.
    """

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            for file in examples:
                _add_examples(document, json.loads(file.read_text(encoding="utf-8")))
            components = document.setdefault("components", {})
            named = _named_in(document["paths"])
            known = components.get("schemas", {})  # of parameters, described by FastAPI
            schemas = {name: known[name] for name in named - _named.keys()}
            components["schemas"] = schemas = {**schemas, **_schemas(named & _named.keys())}
            for describe in describing:
                describe(schemas)
            components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"token": []}]
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]


def _add_examples(document: dict[str, Any], examples: Mapping[str, Any]) -> None:
    """Add the examples of bodies and answers, which the tests make and check."""
    for operation in chain.from_iterable(map(dict.values, document["paths"].values())):
        known = examples.get(operation["operationId"], {})
        responses = operation["responses"].items()
        good = [answer for status, answer in responses if status.startswith("2")]
        for name, holders in {"body": [operation.get("requestBody", {})], "answer": good}.items():
            for content in (each for one in holders for each in one.get("content", {}).values()):
                if name in known:  # those of the earlier part count, as its routes do
                    content.setdefault("example", known[name])


def _answer(schema: Any, headers: Mapping[str, str], media: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "Done."}
    if schema is not None:
        answer["content"] = {media: {"schema": _reference(schema)}}
    if headers:
        answer["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    return answer


def _error(status: int) -> dict[str, Any]:
    title, detail = _DETAILS[status]
    example: Problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if status == 422:
        path, _, message = detail.partition(": ")
        wrong: FieldError = {
            "path": path,
            "message": message,
            "reason": "value.one_start",
            "data": {},
        }
        example["errors"] = [wrong]
    answer: dict[str, Any] = {
        "description": title,
        "content": {MEDIA_TYPE: {"schema": _reference(Problem), "example": example}},
    }
    if status == 405:
        answer["headers"] = {
            "Allow": {"description": "The allowed methods.", "schema": {"type": "string"}}
        }
    if status in {429, 503}:
        answer["headers"] = {**_RETRY_AFTER}
    return answer


def _reference(kind: Any) -> dict[str, Any]:
    """Refer to the schema of a type by its name; a union is a ``oneOf``."""
    if get_origin(kind) in {Union, types.UnionType}:
        return {"oneOf": [_reference(member) for member in get_args(kind)]}
    if get_origin(kind) is list:
        return {"type": "array", "items": _reference(get_args(kind)[0])}
    if kind is str:
        return {"type": "string"}
    if kind is bytes:
        return {**_BINARY}
    _named[kind.__name__] = kind
    return {"$ref": f"{_COMPONENT}{kind.__name__}"}


def _named_in(document: Any) -> set[str]:
    """Collect the names of the schemas that a document refers to."""
    if isinstance(document, dict):
        here = {document["$ref"].removeprefix(_COMPONENT)} if "$ref" in document else set()
        return here.union(*map(_named_in, document.values()))
    return set().union(*map(_named_in, document)) if isinstance(document, list) else set()


def _schemas(names: set[str]) -> dict[str, Any]:
    """Describe the types with these names, and the types of their fields."""
    adapters = [(name, "validation", TypeAdapter(_named[name])) for name in names]
    _, document = TypeAdapter.json_schemas(adapters, ref_template=_COMPONENT + "{model}")  # type: ignore[arg-type]
    schemas: dict[str, Any] = document["$defs"]
    for schema in schemas.values():
        for name, property_ in schema.get("properties", {}).items():
            if name in _MOMENTS or name.endswith("_at"):
                _say_moment(property_)
    return schemas


def _say_moment(schema: dict[str, Any]) -> None:
    """Mark a text as a time: the types of ``contract`` do not say so."""
    for part in schema.get("anyOf", [schema]):
        if part.get("type") == "string":
            part["format"] = "date-time"
