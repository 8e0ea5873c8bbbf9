"""The page that an app mounts: who is let in, what it reaches, and which process answers."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel
from starlette.middleware.sessions import SessionMiddleware

from sendoff_tasks import NeedsPerson, Right, TaskContext, monitor, task
from sendoff_tasks.fastapi import install
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.folder.tokens import add_token, remove_token
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.http.lifecycle import token_made_by
from sendoff_tasks.http.page.mounted import MARK, STATIC, cookie_name, page
from sendoff_tasks.http.page.shown import events_shown
from sendoff_tasks.model.acts import WHO
from sendoff_tasks.model.filters import NAMED
from sendoff_tasks.model.problems import Access
from tests import WITHIN
from tests.engine.survival.shop_process import open_shop
from tests.looking import backend_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]

ADDRESS = "http://shop.example"
PAGE = {MARK: "1"}
OWN = {**PAGE, "Sec-Fetch-Site": "same-origin"}

Client = httpx.AsyncClient
Open = Callable[..., AbstractAsyncContextManager[Client]]


@task
def receipt(number: int) -> int:
    return number


@task(retry=Retry(attempts=1))
def sign_up(name: str, password: str, *, options: dict[str, str]) -> None:
    raise RuntimeError(f"no room for {name}")


@task
def unlock(name: str, password: str, access: dict[str, str] = {"api_key": "hunter2"}) -> str:  # noqa: B006
    assert password == "hunter2"
    return name


class Door(BaseModel):
    place: str
    access_key: str = "hunter2"


@task
def lock(
    door: Door = Door(place="here"),  # noqa: B008
    token: str = "hunter2",  # noqa: S107
) -> None: ...


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    @asynccontextmanager
    async def opening(**options: Any) -> AsyncIterator[Client]:
        app = FastAPI(title="Shop")
        app.state.staff = {"ana": "act", "bo": "look"}
        engine = install(app, data_dir=tmp_path / "data")
        app.mount("/admin/tasks", monitor(engine, **options))
        app.add_middleware(SessionMiddleware, secret_key="s")

        @app.get("/sign-in/{name}")
        def sign_in(name: str, request: Request) -> None:
            request.session["user"] = name

        @app.post("/sign-up/{name}")
        async def sign(name: str) -> int:
            options = {"api_key": "hunter2"}
            added = engine.add_task_async(sign_up, name, password="hunter2", options=options)
            return (await added).number

        @app.post("/held")
        async def held() -> int:
            return (await engine.add_task_async(hold)).number

        @app.post("/unlock/{name}")
        async def unlocked(name: str) -> int:
            return (await engine.add_task_async(unlock, name, "hunter2")).number

        async with (
            app.router.lifespan_context(app),
            Client(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client,
        ):
            await engine.add_task_async(receipt, 7)
            backend_of(DataFolder(tmp_path / "data"))
            yield client

    return opening


async def read(client: Client, path: str = "tasks") -> httpx.Response:
    return await client.get(f"/admin/tasks/api/{path}", headers=PAGE)


async def pause(client: Client, headers: dict[str, str]) -> httpx.Response:
    return await client.post("/admin/tasks/api/queues/pause", headers=headers, json={})


def by_session(request: Request) -> tuple[str, str]:
    user = request.session["user"]
    return request.app.state.staff[user], user


async def test_the_page_itself_is_sent_to_everyone_and_runs_nothing_of_others(
    opened: Open,
) -> None:
    async with opened() as client:
        found = await client.get("/admin/tasks/")
        script = await client.get("/admin/tasks/page.js")
        missing = [await client.get(f"/admin/tasks/{name}") for name in ("x.js", "..%2Fmounted.py")]
    assert found.headers["content-type"].startswith("text/html")
    assert "javascript" in script.headers["content-type"]
    policy = found.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'" in policy
    assert "unsafe" not in policy
    assert {each.status_code for each in missing} == {404}


async def test_words_of_the_page_are_those_of_the_one_table(opened: Open) -> None:
    async with opened() as client:
        words = (await client.get("/admin/tasks/words.json")).json()
        meant = (await client.get("/admin/tasks/filters.json")).json()
    assert meant["need_you"] == NAMED["need_you"].parameters()
    assert words["state"]["succeeded"] == ["Done"]
    assert words["count"]["tasks"] == ["{n} task", "{n} tasks"]
    code = "".join(file.read_text() for file in STATIC.glob("*.js"))
    said = re.findall(r"\b(?:say|sayOf)\('(\w+)', '(\w+)'", code)
    said += [("page", name) for name in re.findall(r"\blabel\('(\w+)'", code)]
    assert len(said) > 80
    assert [row for row in said if row[1] not in words[row[0]]] == []
    unsaid = words["page"].keys() - {*re.findall(r"'(\w+)'", code)}
    assert not unsaid


async def test_allow_is_a_dependency_of_the_app_around_it(opened: Open) -> None:
    async with opened(allow=by_session) as client:
        assert (await read(client)).status_code == 403
        await client.get("/sign-in/bo")
        told = (await read(client, "me")).json()
        assert (told["right"], told["name"], told["title"]) == ("look", "bo", "Shop")
        assert (await read(client)).json()["tasks"][0]["task"].endswith("receipt")
        assert (await pause(client, OWN)).status_code == 403
        assert (await read(client, "queues")).json()["queues"][0]["paused"] is None
        await client.get("/sign-in/ana")
        assert (await pause(client, OWN)).status_code == 200
        assert (await read(client, "queues")).json()["queues"][0]["paused"]


@pytest.mark.parametrize(
    ("right", "pauses", "runs"), [("look", 403, 403), ("act", 200, 403), ("run", 200, 201)]
)
async def test_who_may_run_may_act_and_who_may_act_may_not_run(
    opened: Open, right: str, pauses: int, runs: int
) -> None:
    async with opened(allow=lambda: right) as client:
        functions = await read(client, "functions")
        body = {"task": (await read(client)).json()["tasks"][0]["task"], "args": [8]}
        run = await client.post("/admin/tasks/api/tasks", headers=OWN, json=body)
        paused = await pause(client, OWN)
    assert (paused.status_code, run.status_code) == (pauses, runs)
    assert functions.status_code == (200 if runs == 201 else 403)


def nobody() -> None:
    return None


def forbidden() -> str:
    raise HTTPException(401)


def broken() -> str:
    raise LookupError("no user")


def unknown() -> str:
    return "owner"


async def deep(user: Annotated[str, Depends(broken)]) -> str:
    return user


async def test_who_did_what_has_the_name_that_allow_answers(opened: Open) -> None:
    async with opened(allow=by_session) as client:
        await client.get("/sign-in/ana")
        assert (await pause(client, {**OWN, WHO: "somebody"})).status_code == 200
        (act,) = (await read(client, "acts")).json()["acts"]
        assert (act["who"], act["verb"], act["kind"]) == ("ana", "pause", "queue")
        assert "ana,pause,queue," in (await read(client, "acts/export")).text
        await client.get("/sign-in/bo")
        assert (await read(client, "acts")).status_code == 200


@pytest.mark.parametrize("allow", [nobody, forbidden, broken, unknown, deep])
async def test_an_error_of_allow_lets_nobody_in(
    opened: Open, allow: Callable[..., Awaitable[str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    async with opened(allow=allow) as client:
        refused = [await read(client), await read(client, "events"), await pause(client, OWN)]
    status = 401 if allow is forbidden else 403  # type: ignore[comparison-overlap]
    assert {each.status_code for each in refused} == {status}


async def test_allow_may_send_a_browser_to_its_login_or_ask_who_is_there(opened: Open) -> None:
    def elsewhere(request: Request) -> str:
        if (user := request.session.get("user")) is None:
            raise HTTPException(303, headers={"Location": "/login"})
        return str(request.app.state.staff[user])

    def basic() -> None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Basic"})

    async with opened(allow=elsewhere) as client:
        led = await client.get("/admin/tasks/")
        assert (led.status_code, led.headers["location"]) == (303, "/login")
        assert (await read(client)).status_code == 401
        await client.get("/sign-in/ana")
        assert (await client.get("/admin/tasks/")).status_code == 200
        assert (await read(client)).status_code == 200
    async with opened(allow=basic) as client:
        for answer in (await client.get("/admin/tasks/"), await read(client)):
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Basic")


def test_pages_of_one_host_have_cookies_of_their_own() -> None:
    assert len({cookie_name(*each) for each in ((80, "/a"), (81, "/a"), (80, "/a/b"))}) == 3


async def test_a_call_that_the_page_did_not_make_is_refused(opened: Open) -> None:
    async with opened(allow=lambda: Right.ACT) as client:
        site = {"Sec-Fetch-Site": "same-origin"}
        assert (await client.get("/admin/tasks/api/tasks")).status_code == 403
        assert (await pause(client, site)).status_code == 403
        form = await client.post("/admin/tasks/api/queues/pause", headers=site, data={"a": "b"})
        assert form.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Host": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": ADDRESS}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://shop.example.evil"}, 403),
        ({"Origin": ADDRESS}, 200),
        ({"Origin": "https://intranet.example"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy"}, 200),
    ],
)
async def test_a_change_comes_from_the_page_s_own_address(
    opened: Open, headers: dict[str, str], status: int
) -> None:
    async with opened(allow=lambda: "act", origins=["https://intranet.example"]) as client:
        answer = await pause(client, {**PAGE, **headers})
    assert answer.status_code == status
    if "Origin" in headers and status == 403:
        assert headers["Origin"] in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "settings",
        "mail/settings",
        "items",
        "tasks/1/../../settings",
        "metrics",
        "health",
        "pending",
    ],
)
async def test_the_page_reaches_tasks_and_nothing_else(opened: Open, path: str) -> None:
    async with opened(allow=lambda: "act") as client:
        assert (await read(client, path)).status_code == 404


async def test_a_token_begins_a_session_that_ends_with_it(opened: Open, tmp_path: Path) -> None:
    tokens = DataFolder(tmp_path / "data").tokens_file
    async with opened() as client:
        assert (await read(client)).status_code == 401
        given = {"token": add_token(tokens, "bo", Access.VIEWER)}
        place = "/admin/tasks/api/session"
        assert (await client.post(place, headers=PAGE, json=given)).status_code == 403
        wrong = await client.post(place, headers=OWN, json={"token": "0" * 64})
        assert wrong.status_code == 403
        broken_up = given["token"][:60] + "\n          " + given["token"][60:]
        begun = await client.post(place, headers=OWN, json={"token": broken_up})
        cookie = begun.headers["set-cookie"]
        assert cookie.startswith(f"{cookie_name(None, '/admin/tasks')}=")
        for part in ("HttpOnly", "SameSite=strict"):
            assert part in cookie
        assert "path=" not in cookie.lower()  # that of the calls, also behind a proxy's prefix
        assert given["token"] not in cookie
        assert (await read(client)).status_code == 200
        assert (await pause(client, OWN)).status_code == 403
        remove_token(tokens, "bo")
        assert (await read(client)).status_code == 401


@pytest.mark.parametrize(("options", "times"), [({}, 1), ({"allow": lambda: "look"}, 0)])
async def test_a_log_says_once_how_to_get_a_token_and_never_has_one(
    opened: Open,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: dict[str, Any],
    times: int,
) -> None:
    async with opened(**options):
        token = backend_of(DataFolder(tmp_path / "data")).token
    said = capsys.readouterr().err
    assert said.splitlines().count(token_made_by(tmp_path / "data")) == times
    assert token not in said


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": ADDRESS},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_another_site_s_page_reads_nothing(opened: Open, headers: dict[str, str]) -> None:
    async with opened(allow=lambda: "act") as client:
        answer = await client.get("/admin/tasks/api/tasks", headers={**PAGE, **headers})
    assert answer.status_code == 403


async def test_an_override_of_the_app_holds_for_allow(tmp_path: Path) -> None:
    app = FastAPI()
    app.mount("/tasks", monitor(install(app, data_dir=tmp_path), allow=deep))
    app.dependency_overrides[broken] = lambda: "look"
    async with Client(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        told = await client.get("/tasks/api/me", headers=PAGE)
    assert told.json()["right"] == "look"


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": f"{cookie_name(None, '/admin/tasks')}=a.{'9' * 5000}.b"},
        {"Idempotency-Key": b"\xff"},
        {"Sec-Fetch-Site": b"", "Origin": "http://[x"},
    ],
)
async def test_a_call_that_nobody_can_read_leaves_no_record(
    opened: Open, headers: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(allow=None if "Cookie" in headers else lambda: "act") as client:
        answer = await client.post(
            "/admin/tasks/api/queues/pause", headers={**OWN, **headers}, json={}
        )
    assert answer.status_code in {400, 401, 403}
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("address", ["https://shop.example", ADDRESS])
@pytest.mark.parametrize("origin", ["https://shop.example", ADDRESS])
async def test_a_session_s_cookie_is_sent_by_tls_alone_where_the_page_is(
    opened: Open, address: str, origin: str
) -> None:
    async with opened() as client:
        gone = await client.delete(
            f"{address}/admin/tasks/api/session", headers={**OWN, "Origin": origin}
        )
    has_tls = "https://shop.example" in {address, origin}  # a proxy may tell only the origin
    assert ("Secure" in gone.headers["set-cookie"]) is has_tls


@pytest.mark.parametrize("ends", ["its token is removed", "its address is opened again"])
async def test_events_end_with_their_session(opened: Open, tmp_path: Path, ends: str) -> None:
    folder = DataFolder(tmp_path / "data")
    async with opened():
        backend = backend_of(folder)
        shown = {"token": add_token(folder.tokens_file, "bo", Access.VIEWER)}
        own = {"Authorization": f"Bearer {backend.token}"}
        async with Client(base_url=backend.url, timeout=WITHIN) as browser:
            if ends != "its token is removed":
                asked = await browser.post("/page/once", headers=own)
                shown = {"once": asked.json()["code"]}
            place = "/monitor/api/session"
            assert (await browser.post(place, headers=OWN, json=shown)).is_success
            async with browser.stream("GET", "/monitor/api/events", headers=PAGE) as events:
                assert events.is_success
                if "once" in shown:
                    assert (await browser.post(place, headers=OWN, json=shown)).is_client_error
                else:
                    remove_token(folder.tokens_file, "bo")
                await browser.post("/queues/pause", headers=own, json={})
                heard = [line async for line in events.aiter_lines()]
    assert "event: notice" not in heard


async def test_a_page_without_the_process_that_runs_the_tasks_says_so(tmp_path: Path) -> None:
    app = FastAPI()
    app.mount("/tasks", monitor(install(app, data_dir=tmp_path), allow=lambda: "look"))
    app.mount("/none", monitor(install(FastAPI(), data_dir=tmp_path, monitor=False)))
    async with Client(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        away = await client.get("/tasks/api/tasks", headers=PAGE)
        none = await client.get("/none/api/me", headers=PAGE)
    assert (away.status_code, none.status_code) == (503, 503)
    assert "monitor=True" in none.json()["detail"]


def test_the_page_of_any_process_shows_and_steers_the_tasks_of_the_one_that_runs_them(
    tmp_path: Path,
) -> None:
    with open_shop(tmp_path) as owner, open_shop(tmp_path) as other:
        assert owner.post("/items/3").status_code == 200
        assert owner.said() == "receipt 3"
        assert backend_of(DataFolder(tmp_path / "data")).pid == owner.process.pid
        page = other.client.get("/monitor/api/tasks", headers=PAGE).json()
        assert [row["title"] for row in page["tasks"]] == ["Receipt: 3"]
        with other.client.stream(
            "GET", "/monitor/api/events", params={"after": page["as_of"]}, headers=PAGE
        ) as events:
            lines = (line for line in events.iter_lines() if "Receipt: 4" in line)
            assert other.post("/items/4").status_code == 200
            assert next(lines)
        other.client.post("/monitor/api/queues/pause", headers=OWN, json={})
        queues = owner.client.get("/monitor/api/queues", headers=PAGE).json()["queues"]
        assert all(queue["paused"] for queue in queues)


def test_the_library_of_the_page_is_the_one_that_was_published() -> None:
    told = (STATIC / "preact.txt").read_text("utf-8")
    assert hashlib.sha256((STATIC / "preact.js").read_bytes()).hexdigest() in told
    assert "MIT" in told
    assert "Apache" in told


async def test_a_secret_is_shown_to_nobody(opened: Open) -> None:
    async with opened(allow=lambda: "act") as client:
        number = (await client.post("/sign-up/ada")).json()
        listed = (await read(client)).text
        whole = await read(client, f"tasks/{number}")
    assert "hunter2" not in listed + whole.text
    assert "password •••" in listed
    assert whole.json()["kwargs"]["options"] == {"api_key": "•••"}


async def test_a_task_is_run_again_with_secrets_that_do_not_leave_the_server(opened: Open) -> None:
    async with opened(allow=lambda: "run") as client:
        first = (await client.post("/unlock/ada")).json()
        place = "/admin/tasks/api/tasks"
        body = {"like": first, "kwargs": {"name": "bo"}}
        again = await client.post(place, headers=OWN, json=body)
        wrong = {"like": first, "kwargs": {"name": 7, "colour": "red"}}
        refused = await client.post(place, headers=OWN, json=wrong)
        number = again.json()["id"]
        while (done := await read(client, f"tasks/{number}")).json()["state"] != "succeeded":
            pass
        functions = await read(client, "functions")
    assert (refused.status_code, done.json()["result"]) == (422, "bo")
    assert "hunter2" not in "".join(each.text for each in (again, refused, done, functions))
    (told,) = (each for each in functions.json()["functions"] if each["title"] == "Lock")
    assert told["parameters"]["properties"]["token"]["writeOnly"]


async def test_run_does_not_offer_what_the_program_adds_itself(
    opened: Open, tmp_path: Path
) -> None:
    async with opened(allow=lambda: "run") as client:
        offered = {each["title"] for each in (await read(client, "functions")).json()["functions"]}
        folder = DataFolder(tmp_path / "data")
        name = (await read(client)).json()["tasks"][0]["task"]
        served = page(lambda: folder, allow=lambda: "run", unoffered=[name])
        async with Client(transport=httpx.ASGITransport(served), base_url=ADDRESS) as other:
            answer = await other.get("/api/functions", headers=PAGE)
    left = {each["title"] for each in answer.json()["functions"]}
    assert offered - left == {"Receipt"}


async def test_a_looker_sees_only_the_parts_that_are_shown(opened: Open) -> None:
    async with opened(allow=lambda: "look", shown=["results"]) as client:
        number = (await client.post("/sign-up/ada")).json()
        while (await read(client, f"tasks/{number}")).json()["state"] != "failed":
            pass
        told = [await read(client, path) for path in ("tasks", f"tasks/{number}", "causes")]
        searched = [await read(client, f"tasks?{name}=ada") for name in ("text", "error", "cause")]
    texts = "".join(each.text for each in told)
    assert "ada" not in texts
    assert "no room" not in texts
    assert told[1].json()["history"]
    assert {each.status_code for each in searched} == {403}


@task(queue="held")
def hold(ctx: TaskContext) -> None:
    ctx.progress(1, 2, "planted progress")
    ctx.log("planted log")
    ctx.point_of_no_return("planted what", to="planted to")
    raise NeedsPerson("planted error", queue=True)


async def test_a_looker_without_any_part_reads_no_text_of_a_task(opened: Open) -> None:
    async with opened(allow=lambda: "look", shown=[]) as client:
        number = (await client.post("/held")).json()
        while (await read(client, f"tasks/{number}")).json()["state"] != "waiting":
            pass
        paths = ("tasks", f"tasks/{number}", "queues", "overview", "causes", "stats")
        told = [(await read(client, path)).text for path in paths]
    assert "planted" not in "".join(told)


async def test_a_secret_by_position_is_in_no_title(opened: Open) -> None:
    async with opened(allow=lambda: "act") as client:
        await client.post("/unlock/ada")
        listed = (await read(client)).text
    assert "hunter2" not in listed
    assert "password •••" in listed


async def test_the_events_have_only_the_parts_that_are_shown() -> None:
    row = {"id": 1, "task": "sign_up", "title": "Sign up: ada", "error": "no room", "why": "w"}
    row |= {"to": "Ada <ada@example.org>"}  # which a feature adds
    stream = (
        "event: tasks\ndata: " + json.dumps({"rows": [row], "gone": []}) + "\nid: a-1\n\n"
        ": ping\n\n"
        'event: notice\ndata: {"text": "no room for ada"}\n\n'
        'event: pending\ndata: {"rows": [{"filter": {"text": "ada"}}], "gone": []}\n\n'
        "event: reset\ndata: {}\nid: a-2\n\n"
    ).encode()

    async def pieces() -> AsyncIterator[bytes]:
        for place in range(0, len(stream), 7):
            yield stream[place : place + 7]

    told = b"".join([event async for event in events_shown(pieces(), [])]).decode()
    assert "ada" not in told
    assert "no room" not in told
    assert "id: a-1" in told
    assert ": ping" in told
    assert "event: reset" in told
