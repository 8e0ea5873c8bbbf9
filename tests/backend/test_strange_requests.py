"""Every request, however strange, has an answer the description knows, never a 500."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final, get_type_hints
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.backend.application import ITEM_ROUTES, MAIL_ROUTES, TASK_ROUTES, create_app
from desktop.backend.services import Services
from desktop.backend.wire import batches, bodies, mail, parameters
from desktop.contract.problems import MEDIA_TYPE
from tests.backend.conftest import PORT, TOKEN, client_of
from tests.property_based import examples

BODIES: Final = (
    *(bodies.NumberedItem, bodies.TaskBody, bodies.Bulk, bodies.TaskFilter, bodies.ManyItems),
    *(bodies.Resolution, mail.MailTest, mail.Shown, mail.TemplateChange),
    *(
        batches.BatchBody,
        batches.RowsBody,
        batches.RowBody,
        batches.UnreadRowBody,
        batches.StartBatch,
    ),
    *(mail.SettingsChange, mail.MailChange, mail.WindowChange, mail.QueueChange),
)
KEYS: Final = sorted({key for body in BODIES for key in get_type_hints(body)} | {"email", "name"})
QUERY: Final = sorted(
    {
        *parameters.TaskParameters.model_fields,
        *parameters.ItemParameters.model_fields,
        *parameters.RowParameters.model_fields,
        "partial",
    }
)
WORDS: Final = (
    *("", "nothing", "broken", "mail", "cancel", "retry", "done", "again", "outbox", "none", "id"),
    *("ada@example.org", "2999-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "30/min", "failed"),
    *("{{ name", "{% block subject %}x{% endblock %}", "../x", "a\r\nb", "\u202e", "\x00"),
)

ROUTES: Final = [
    route
    for module in (*TASK_ROUTES, *ITEM_ROUTES, *MAIL_ROUTES)
    for route in module.router.routes
    if isinstance(route, APIRoute) and route.path not in {"/events", "/mail/test"}
]
"""All but the one that does not end, and the one that waits for servers."""

words = st.sampled_from(WORDS) | st.text(max_size=20)
atoms = st.none() | st.booleans() | st.integers(-2, 2**54) | st.floats() | words
values = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | words, inner, max_size=5)
    ),
    max_leaves=15,
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a route and what is sent to it."""
    route = draw(st.sampled_from(ROUTES))
    name = draw(st.sampled_from(["1", "2", "0", "9" * 20]) | words.filter(bool))
    path = route.path
    while "{" in path:
        path = path[: path.index("{")] + quote(name, safe="") + path[path.index("}") + 1 :]
    body = draw(st.binary(max_size=20) | values.map(lambda value: json.dumps(value).encode()))
    return {
        "method": draw(st.sampled_from(sorted(route.methods or ()))),
        "url": path,
        "params": draw(st.dictionaries(st.sampled_from(QUERY), words, max_size=3)),
        "content": body,
        "headers": draw(st.just({}) | words.map(lambda key: {"Idempotency-Key": key.encode()})),
    }


@pytest.fixture
def app(services: Services) -> FastAPI:
    """Make the application, once for all that is sent."""
    return create_app(services, token=TOKEN, port=PORT)


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(request=requests())
def test_it_is_answered(app: FastAPI, request: dict[str, Any]) -> None:
    async def send() -> None:
        async with client_of(app) as client:
            answer = await client.request(**request)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == MEDIA_TYPE
            assert answer.json()["detail"].endswith((".", " more)")), answer.text

    asyncio.run(send())
