"""The files of a batch: taken in piece by piece, given back as they came, named by rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.backend.routes.batches import batch_files
from tests.backend.conftest import bad_paths, eventually_batch, outbox, settled
from tests.backend.routes.batches.test_batch_rows import ADA, put, read
from tests.backend.routes.batches.test_batches import made

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from desktop.backend.shared.services import Services
    from desktop.mail.files import Files
    from desktop.settings.paths import DataFolder

pytestmark = pytest.mark.anyio

SHEET = "Größe;Ort\r\n1;Köln\r\n".encode("cp1252")


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 65536


async def test_the_sheet_comes_back_as_it_was(
    client: httpx.AsyncClient, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await made(client)
    assert (await client.get(f"{place}/source")).status_code == 404
    answer = await client.put(f"{place}/source", params={"name": "Größe 1.csv"}, content=SHEET)
    assert answer.json()["sheet"] == "Größe 1.csv"
    kept = await client.get(f"{place}/source")
    assert kept.content == SHEET
    assert "Gr%C3%B6%C3%9Fe%201.csv" in kept.headers["content-disposition"]
    monkeypatch.setattr(batch_files, "SHEET_BYTES", 100_000)
    assert (await client.put(f"{place}/source", content=endless())).status_code == 413
    assert (await client.get(f"{place}/source")).content == SHEET
    assert [path.name for path in (folder.batches / "1").iterdir()] == ["source"]
    bad = await client.put(f"{place}/source", params={"name": "../x"}, content=b"")
    assert bad_paths(bad) == ["name"]
    assert (await client.put("/batches/9/source", content=b"")).status_code == 404
    await client.post(f"{place}/start")
    assert (await client.put(f"{place}/source", content=b"")).status_code == 409


async def test_a_file_goes_along_with_the_rows_that_name_it(
    client: httpx.AsyncClient, kept: Files, services: Services
) -> None:
    place = await made(client)
    assert (await put(client, place, {**ADA, "attachments": ["plan.pdf"]}))["problems"] == 1
    answer = await client.put(f"{place}/attachments/plan.pdf", content=b"%PDF-1.7")
    assert answer.json() == {"file": "plan.pdf", "size": 8}
    assert (await client.get(f"{place}/attachments")).json() == {"attachments": [answer.json()]}
    eventually_batch(services, 1, lambda batch: batch["counts"]["ready"] == 1)
    await client.post(f"{place}/start")
    eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    (row,) = await read(client, place)
    settled(services, row["task_id"])
    (mail,) = outbox(kept)
    assert "plan.pdf" in mail
    assert (await client.delete(f"{place}/attachments/plan.pdf")).status_code == 409


async def test_a_file_that_is_taken_away_is_missing(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    await client.put(f"{place}/attachments/plan.pdf", content=b"x")
    await put(client, place, {**ADA, "attachments": ["plan.pdf"]})
    assert (await client.delete(f"{place}/attachments/plan.pdf")).status_code == 204
    assert (await client.delete(f"{place}/attachments/plan.pdf")).status_code == 404
    eventually_batch(services, 1, lambda batch: batch["counts"]["problems"] == 1)
    (row,) = await read(client, place)
    assert row["message"] == "The file “plan.pdf” was not added to this batch."


async def test_a_file_is_found_by_the_name_that_a_person_wrote(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    named = ["JU\u0308RGEN.pdf", "Meier, Anna.pdf, plan.pdf"]
    assert (await put(client, place, {**ADA, "attachments": named}))["problems"] == 1
    for file in ("Jürgen.pdf", "Meier, Anna.pdf", "plan.pdf"):
        await client.put(f"{place}/attachments/{file}", content=b"x")
    eventually_batch(services, 1, lambda batch: batch["counts"]["ready"] == 1)
    (row,) = await read(client, place)
    assert row["item"]["attachments"] == ["Jürgen.pdf", "Meier, Anna.pdf", "plan.pdf"]


async def test_no_file_is_too_large_or_leads_elsewhere(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await made(client)
    monkeypatch.setattr(batch_files, "ATTACHMENTS_LIMIT", 100_000)
    assert (await client.put(f"{place}/attachments/a", content=endless())).status_code == 413
    for name in ("a%7Cb", ".hidden"):
        assert bad_paths(await client.put(f"{place}/attachments/{name}", content=b"")) == ["file"]
    assert (await client.get(f"{place}/attachments")).json() == {"attachments": []}
