"""A code opens the page once; what its address leaves behind opens nothing, and is noticed."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from desktop.backend.application import create_app
from desktop.backend.services import Services
from sendoff_tasks.folder.backend_addresses import Backend, write_backend
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.folder.tokens import START, add_token, remove_token
from sendoff_tasks.http.page.mounted import MARK
from sendoff_tasks.http.page_codes import CODE_S, SESSION_S, OnceCodes
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.problems import Access
from tests.backend.conftest import PORT, TOKEN, client_of

OWN = {MARK: "1", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def browser(services: Services, folder: DataFolder) -> AsyncIterator[httpx.AsyncClient]:
    write_backend(folder.backend_file, Backend(f"http://127.0.0.1:{PORT}", TOKEN, os.getpid()))
    app = create_app(services, token=TOKEN, port=PORT, tokens_file=folder.tokens_file)
    async with client_of(app, None) as client:
        yield client


async def code_for(browser: httpx.AsyncClient, token: str) -> str:
    asked = await browser.post("/page/once", headers={"Authorization": f"Bearer {token}"})
    assert asked.json()["seconds"] == CODE_S
    return str(asked.json()["code"])


async def redeem(browser: httpx.AsyncClient, code: str, **headers: str) -> int:
    shown = {**OWN, **{name.replace("_", "-"): each for name, each in headers.items()}}
    answer = await browser.post("/monitor/api/session", headers=shown, json={"once": code})
    return answer.status_code


async def right(browser: httpx.AsyncClient) -> str:
    return str((await browser.get("/monitor/api/me", headers=OWN)).json()["right"])


@pytest.mark.anyio
async def test_a_code_opens_the_page_with_the_right_of_its_token(
    browser: httpx.AsyncClient, folder: DataFolder
) -> None:
    viewer = add_token(folder.tokens_file, "bo", Access.VIEWER)
    assert (await browser.post("/page/once")).status_code == 401
    code = await code_for(browser, TOKEN)
    assert await redeem(browser, code, Sec_Fetch_Site="cross-site") == 403
    assert await right(browser) == "none"
    assert await redeem(browser, code) == 204
    of_start = await right(browser)
    browser.cookies.clear()
    assert await redeem(browser, await code_for(browser, viewer)) == 204
    assert (of_start, await right(browser)) != ("none", "none")
    assert await right(browser) == "look"
    remove_token(folder.tokens_file, "bo")
    assert await right(browser) == "none"


@pytest.mark.anyio
async def test_a_second_use_opens_nothing_ends_the_first_and_is_told(
    browser: httpx.AsyncClient, services: Services
) -> None:
    code = await code_for(browser, TOKEN)
    assert await redeem(browser, code) == 204
    assert NoticeId.PAGE not in {each["id"] for each in services.notices.active}
    assert await right(browser) != "none"
    assert await redeem(browser, code) == 403
    assert await right(browser) == "none"
    assert NoticeId.PAGE in {each["id"] for each in services.notices.active}
    assert await redeem(browser, code) == 403


def test_a_code_counts_for_a_minute_and_its_session_for_half_a_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    codes = OnceCodes(lambda: pytest.fail("no code was shown twice"))
    late, used = codes.make(START), codes.make("ab" * 8)
    session = codes.redeem(used)
    assert session is not None
    assert codes.holder(session) == "ab" * 8
    now = CODE_S
    assert (codes.redeem(late), codes.redeem("é"), codes.holder(late)) == (None, None, None)
    now = SESSION_S - 1
    codes.make(START)  # forgets what is over
    assert codes.holder(session) == "ab" * 8
    now = SESSION_S
    assert (codes.holder(session), codes.redeem(used)) == (None, None)
