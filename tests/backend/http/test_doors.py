"""What one door answers to a stranger, tried as the key of each other door."""

from __future__ import annotations

import os
import re
import time
from itertools import product
from urllib.parse import urlencode

import pytest

from desktop.backend.application import create_app
from desktop.backend.services import Services
from sendoff_tasks.folder.backend_addresses import Backend, write_backend
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.folder.tokens import add_token, read_tokens
from sendoff_tasks.http.page.mounted import MARK, cookie_name
from sendoff_tasks.model.problems import Access
from tests.backend.conftest import PORT, TOKEN, client_of

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("shows", ["nothing", "a viewer's token"])
async def test_no_door_signs_for_another(
    services: Services, folder: DataFolder, shows: str
) -> None:
    file = folder.tokens_file
    write_backend(folder.backend_file, Backend(f"http://127.0.0.1:{PORT}", TOKEN, os.getpid()))
    viewer = add_token(file, "bo", Access.VIEWER) if shows != "nothing" else None
    add_token(file, "ana", Access.FULL)
    until = int(time.time()) + 3600
    holders = ["start", *(each.id for each in read_tokens(file))]
    hashes = [each.digest for each in read_tokens(file)]
    texts = [f"{page}{who} {until}" for page, who in product(("", "page "), holders)]
    texts += [f"{who} {hashed} {until}" for who, hashed in product(holders, hashes)]
    texts += ["", "page sessions", "\udcffpage sessions", "owner", "other", *hashes, "ab" * 16]
    texts += [f"{until:032}", f"{until:031}", f"{until:032}\n", f" {until:031}", "٣" * 32]
    app = create_app(services, token=TOKEN, port=PORT, tokens_file=file)
    cookie = cookie_name(PORT, "/monitor")
    async with client_of(app, viewer) as stranger, client_of(app, None) as visitor:
        given = {*hashes}
        for text, holder in product(texts, [*holders, "another"]):
            query = urlencode({"nonce": text, "token_id": holder}, errors="surrogateescape")
            answer = await stranger.get(f"/health?{query}")
            is_nonce = re.fullmatch("[0-9a-f]{32}", text) is not None
            assert answer.status_code == (200 if is_nonce else 422), text
            given.add(answer.json().get("proof", "0" * 64))
        assert len(given) == len(hashes) + 1 + 2 * len(holders)
        for shown in given:
            taken = await visitor.get("/stats", headers={"Authorization": f"Bearer {shown}"})
            assert taken.status_code == 401
            for who in holders:
                session = {MARK: "1", "Cookie": f"{cookie}={who}.{until}.{shown}"}
                me = await visitor.get("/monitor/api/me", headers=session)
                assert me.json()["right"] == "none", (who, shown)
                assert (await visitor.get("/monitor/api/tasks", headers=session)).status_code == 401
