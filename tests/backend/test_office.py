"""Letters are written as the office's computer was set when it began."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from desktop.backend.application import create_app
from desktop.mail.templates.office import Office
from desktop.settings.office_folder import OfficeFolder
from tests.backend.conftest import PORT, TOKEN, client_of, services_on

pytestmark = pytest.mark.anyio

ITEM = {"title": "Yoga", "recipient": {"name": "Rita", "email": "r@example.org"}}
TEXT = "{{ salutation }}: {{ Fee + 1 }}"
FEE = {**ITEM, "fields": {"Fee": "1.234,50 €"}}


@asynccontextmanager
async def started(
    folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch, language: str
) -> AsyncIterator[httpx.AsyncClient]:
    """Start a backend on a computer that is set to a language."""
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    with services_on(folder, None) as services:
        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
            yield client


async def shown(client: httpx.AsyncClient, **body: Any) -> dict[str, str]:
    answer = await client.post("/templates/preview", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


@pytest.mark.parametrize("before", [(), ("C",)])
async def test_an_office_keeps_its_language_if_that_of_its_computer_changes(
    folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch, before: tuple[str, ...]
) -> None:
    """A server that names no language has not decided it."""
    for language in (*before, "de_DE", "en_GB"):
        async with started(folder, monkeypatch, language) as client:
            subject = (await shown(client, item=ITEM))["subject"]
            if language == "C":
                continue
            assert subject == "Yoga: bestätigt (Nr. 1)"
            text = await shown(client, item=FEE, parts={"subject": "x", "text": TEXT})
            assert text["text"].strip() == "Guten Tag Rita: 1.235,50 €"
    new = OfficeFolder(folder.root / "new")
    new.create()
    async with started(new, monkeypatch, "en_GB") as client:
        assert (await shown(client, item=ITEM))["subject"] == "Yoga: confirmed (no. 1)"


async def test_what_is_known_of_an_older_office_is_taken_from_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert Office.begun({}).language == "de"
    assert Office.begun({"language": "nl"}) == Office("nl", Office.begun({}).signs)
