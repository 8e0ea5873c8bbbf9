"""What a person does on the page, in Chromium; run by ``python -m tests.page``.

It knows nothing of the project but the page and its words; Playwright and axe-core are in a folder
of their own.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-not-found]
from playwright.sync_api import Page, expect, sync_playwright  # type: ignore[import-not-found]

from sendoff_tasks.model.times import wire_time
from sendoff_tasks.words.reasons import reason_words
from sendoff_tasks.words.table import ENGLISH
from tests.contract.model.days import SEARCHES_OF_BOTH
from tests.page.stage import UNDO_S, WITHIN_S, Shop, rows
from tests.page.verbs import does_each_verb

CHROMIUM, SHOP, PICTURES = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
SIZES: Final = ((1440, 900), (1024, 768), (390, 844))
VIEWS: Final = (
    "",
    "?q=state:failed",
    "?view=causes",
    "?view=queues",
    "?view=schedules",
    "?view=log",
    "?view=run",
)
ZONE: Final = "Asia/Kathmandu"
"""A zone 5:45 h from UTC, which a server hardly has."""
LINES: Final = 80
"""The height of a few lines, in px."""
MARKUP: Final = "<img src=x onerror=document.title='ran'>"


def search(page: Page, text: str) -> None:
    """Type a search."""
    page.keyboard.press("Escape")
    page.locator("#query").fill(text)
    page.wait_for_function("q => new URLSearchParams(location.search).get('q') == q", arg=text)


def shows_new_tasks_and_does_not_jump(page: Page, shop: Shop) -> None:
    """A task appears by itself; while a person reads, newer ones wait behind a button."""
    page.goto(f"{shop.url}/tasks/")
    expect(page.get_by_role("heading", name="No tasks yet")).to_be_visible()
    shop.post("/receipts/100/1")
    expect(rows(page, "Send receipt: 100")).to_contain_text("Done")
    page.mouse.move(600, 500)
    shop.post("/receipts/101/2")
    expect(page.get_by_role("button", name="2 newer")).to_be_visible()
    expect(rows(page, "Send receipt: 101")).to_have_count(0)
    page.get_by_role("button", name="2 newer").click()
    expect(rows(page, "Send receipt: 102")).to_be_visible()
    page.mouse.move(5, 5)


def shows_a_failed_task_whole_and_runs_no_markup(page: Page, shop: Shop) -> None:
    """A row opens its task by a click; what an app stores is text."""
    for number in (1, 2, 3):
        shop.post(f"/invoices/{number}")
    search(page, "state:failed")
    expect(page.get_by_role("button", name="Retry 3")).to_be_visible()
    with page.context.expect_page() as opened:
        rows(page, "order_id 2").get_by_role("link").click(button="middle")
    expect(opened.value.locator("aside")).to_contain_text("order_id  2")
    opened.value.close()
    rows(page, "order_id 2").click()
    detail = page.locator("aside")
    expect(detail.get_by_label("Traceback")).to_contain_text("raise KeyError(note)")
    expect(detail).to_contain_text(MARKUP)
    assert page.title() != "ran"
    page.keyboard.press("Escape")
    expect(detail).to_have_count(0)
    (SHOP / "mended").touch()
    page.get_by_role("button", name="Retry 3").click()
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()


def tells_numbers_and_times_as_they_are(page: Page, shop: Shop) -> None:
    """No digit is lost; ages are right by a clock that is wrong."""
    shop.post("/receipts/9007199254740993")
    page.clock.set_system_time(time.time() - 86_400)
    page.goto(f"{shop.url}/tasks/?q=task:send_receipt since:1h")
    rows(page, "9007199254740993").click()
    expect(page.locator("aside")).to_contain_text("order_id  9007199254740993")
    expect(rows(page, "9007199254740993").locator(".w")).to_have_text(
        re.compile(r"now|\d+ (s|min)")
    )
    page.clock.set_system_time(time.time())


def tells_times_of_the_viewer(page: Page, shop: Shop) -> None:
    """Reasons have the viewer's clock; a start has its day, and is not promised in a pause."""
    far = page.context.browser.new_context(timezone_id=ZONE).new_page()
    shop.post("/plans/200")
    far.goto(f"{shop.url}/tasks/?q=200")
    row = rows(far, "Send receipt: 200")
    at = datetime.now(ZoneInfo(ZONE)) + timedelta(hours=25)
    expect(row).to_contain_text(re.compile(f"Starts (tomorrow|{at.day} {at:%b}) "))
    row.click()
    expect(far.locator("aside")).to_contain_text(re.compile(f"Starts .* {at:%H}:"))
    far.goto(f"{shop.url}/tasks/?view=queues")
    mail = far.locator("tr", has_text="mail")
    mail.get_by_role("button", name="Pause").click()
    expect(mail).to_contain_text("Paused since")
    since = re.search(r"Paused since (\d\d:\d\d)", mail.inner_text())
    assert since is not None
    now = datetime.now(ZoneInfo(ZONE))
    assert since[1] in {f"{now - timedelta(minutes=n):%H:%M}" for n in range(3)}
    far.goto(f"{shop.url}/tasks/?q=200")
    expect(row).to_contain_text(f"Queue mail paused since {since[1]}")
    expect(row).not_to_contain_text("Starts")
    far.goto(f"{shop.url}/tasks/?view=queues")
    mail.get_by_role("button", name="Resume").click()
    expect(mail).not_to_contain_text("Paused")
    far.close()


def says_reasons_as_the_program_does(page: Page, shop: Shop) -> None:
    """The page says each reason from its data, in the words of the shell and of the API."""
    soon = wire_time(round((time.time() + 600) * 1000))
    answer = {"server": "mx.example.org", "code": 550, "said": "550 no", "text": "550 no"}
    reading = "async row => (await import('./reasons.js')).why(row, Date.now())"
    for reason, attempt, data in (
        ("ahead", 1, {"count": 3, "limit": "30/min", "queue": "mail"}),
        ("ahead", 1, {"count": None, "limit": 4, "queue": "mail", "until": soon}),
        ("rate_limit", 1, {"limit": "500/h, 30/min", "queue": "mail", "until": soon}),
        ("offline", 1, {"server": "mx", "queue": "mail", "until": soon}),
        ("quota", 1, {"server": "mx", "code": 450, "queue": "mail", "until": soon}),
        ("all_paused", 1, {"since": soon}),
        ("queue_paused", 1, {"queue": "mail", "since": soon}),
        ("queue_held", 1, {"queue": "mail", "text": "no account"}),
        ("held_for_person", 1, {"text": "no rate", "fixed": True}),
        ("after_task", 0, {"task_id": 7}),
        ("overdue", 1, {"limit": 2.5, "stops": True}),
        ("cancelled_by_person", 0, {}),
        ("cancelled_by_person", 2, {}),
        ("cancelled_by_task", 2, {"text": "It is paid.", "mark": "paid"}),
        ("held_after_crashes", 3, {"count": 3}),
        ("no_answer", 1, {"server": "mx", "since": soon}),
        ("final_answer", 1, answer),
        ("final_answer", 2, {**answer, "may_have_arrived": True}),
    ):
        row = {"reason": reason, "reason_data": data, "attempt": attempt, "queue": "mail"}
        told: Any = data
        said = reason_words(ENGLISH, reason, told, time.time(), attempt=attempt, queue="mail")
        assert page.evaluate(reading, row) == said, row


def names_first_whom_an_e_mail_goes_to(page: Page, shop: Shop) -> None:
    """A row of an e-mail says to whom, then why in the server's words, also on a phone."""
    said = "550 5.1.1 <eve@example.org>: User unknown"
    mail = {"to": "Eve <eve@example.org>", "state": "failed", "error": f"mx refused it: {said}"}

    def addressed(route: Any) -> None:
        answer = route.fetch()
        told = answer.json()
        for row in told["tasks"]:
            row.update(mail, reason_data={"said": said})
        route.fulfill(response=answer, json=told)

    page.route("**/api/tasks?*", addressed)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{shop.url}/tasks/?q=task:send_receipt")
        cell = rows(page, "eve@").locator("td.k").first
        expect(cell).to_have_text(re.compile(r"^Eve <eve@example.org>\s*User unknown$"))
    page.unroute_all(behavior="wait")
    page.set_viewport_size({"width": 1440, "height": 900})


def says_kept_for_what_practice_mode_kept(page: Page, shop: Shop) -> None:
    """What was only kept is *Kept*: in the list and in its details."""

    def keep(route: Any) -> None:
        answer = route.fetch()
        told = answer.json()
        for row in told.get("tasks", [told]):
            row.update(state="succeeded", reason="kept")
        route.fulfill(response=answer, json=told)

    tasks = re.compile(r"/api/tasks[?/]")
    page.route(tasks, keep)
    page.goto(f"{shop.url}/tasks/?q=task:send_receipt 100")
    row = rows(page, "Send receipt: 100")
    expect(row.locator(".st.kept")).to_have_text("Kept")
    row.click()
    for shown in (".head.kept", ".att"):
        expect(page.locator(f"aside {shown}")).to_contain_text("Kept")
    page.unroute_all(behavior="wait")


def says_what_is_wrong_with_a_search(page: Page, shop: Shop) -> None:
    """A search that cannot be read loses no connection."""
    page.goto(f"{shop.url}/tasks/?q=state:open")
    expect(page.get_by_role("alert")).to_contain_text("state")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(page.get_by_role("button", name="All", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Done"))).to_have_count(0)
    expect(page.get_by_text("No connection")).to_have_count(0)
    for typed in ("31.11.2026", "since:31.11.2026"):
        search(page, typed)
        expect(page.get_by_role("alert")).to_contain_text("“31.11.2026” is not a day")
    search(page, "task:send_receipt until:30.11.2020")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    search(page, "task:send_receipt today")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(rows(page, "Send receipt: 100")).to_be_visible()


def means_what_the_window_means(page: Page, shop: Shop) -> None:
    """A search with what both have means the same."""
    page.goto(f"{shop.url}/tasks/")
    reading = "async each => (await import('./search.js')).filterOf(each)"
    for typed, meant in SEARCHES_OF_BOTH.items():
        found = page.evaluate(reading, typed)
        if "state" in found:
            found["state"] = ",".join(sorted(found["state"].split(",")))
        assert found == meant, (typed, found)


def closes_when_the_right_ends(page: Page, shop: Shop) -> None:
    """Who may look no more is told so at the next change, and sees no tasks."""
    (SHOP / "staff").touch()
    page.goto(f"{shop.url}/staff/")
    expect(rows(page, "Send receipt").first).to_be_visible()
    (SHOP / "staff").unlink()
    shop.post("/receipts/104/1")
    expect(page.get_by_text("This page is not open to you")).to_be_visible()
    expect(rows(page, "Send receipt")).to_have_count(0)


def undoes_after_a_lost_call(page: Page, shop: Shop) -> None:
    """A verb that nobody answers says so; *Undo* stays while no answer to it has come."""
    (SHOP / "mended").unlink(missing_ok=True)
    shop.post("/invoices/50")
    page.goto(f"{shop.url}/tasks/?q=task:make_invoice state:failed")

    def give_longer(route: Any) -> None:
        route.continue_(post_data={**route.request.post_data_json, "delay": UNDO_S})

    page.route("**/tasks/bulk", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Retry 1").click()
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    page.route("**/tasks/bulk", give_longer, times=1)
    page.get_by_role("button", name="Retry 1").click()
    page.route("**/pending/*", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.wait_for_timeout((UNDO_S + 1) * 1000)
    expect(rows(page, "Make invoice").first).to_contain_text("1 of 1")


def writes_schedules_in_words(page: Page, shop: Shop) -> None:
    """The common forms of cron lines are words; others stay as they are."""
    wanted = {
        "* * * * *": "Every minute",
        "*/15 * * * *": "Every 15 min",
        "5 * * * *": "Every hour at :05",
        "0 */6 * * *": "Every 6 h at :00",
        "0 7 * * *": "Every day at 07:00",
        "30 8,20 * * *": "Every day at 08:30, 20:30",
        "0 7 * * 1-5": "Monday to Friday at 07:00",
        "0 7 * * SUN,3": "Sunday, Wednesday at 07:00",
        "0 7 * * 7": "Sunday at 07:00",
        "0 7 1 * *": "Day 1 of each month at 07:00",
        "0 7 24 12 *": "24 December each year at 07:00",
        "*/7 * * * *": "",
        "0 */5 * * *": "",
        "0 7 1 * 1": "",
        "0 7 * * 5#2": "",
        "0 7 L * *": "",
        "0 7-9 * * *": "",
        "0,30 7 * * *": "",
        "0 0 7 * * *": "",
    }
    written = """async lines => {
        const { cronWords } = await import('./cron.js');
        return lines.map(cronWords);
    }"""
    assert dict(zip(wanted, page.evaluate(written, [*wanted]), strict=True)) == wanted


def lets_a_looker_change_nothing(page: Page, shop: Shop) -> None:
    """Who may only look has no button, and a forged call is refused."""
    page.goto(f"{shop.url}/look/?view=queues")
    expect(page.get_by_text("watching only")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    forged = "fetch('api/queues/pause', {method: 'POST', headers: {'X-Sendoff-Page': 1}})"
    assert page.evaluate(f"{forged}.then(answer => answer.status)") == 403


def lets_who_acts_run_nothing(page: Page, shop: Shop) -> None:
    """Who may act has the buttons, but no *Run*; a forged call is refused."""
    page.goto(f"{shop.url}/act/?view=queues")
    expect(page.get_by_role("button", name="Pause").first).to_be_visible()
    expect(page.get_by_role("link", name="Run…")).to_have_count(0)
    page.goto(f"{shop.url}/act/?view=run")
    expect(rows(page, "").first).to_be_visible()
    forged = """async ({ path, method, body }) => {
        const headers = { 'X-Sendoff-Page': 1 };
        return (await fetch(path, { method, body, headers })).status;
    }"""
    run = {"path": "api/tasks", "method": "POST", "body": '{"task": "send_receipt", "args": [1]}'}
    for call in (run, {"path": "api/functions", "method": "GET"}):
        assert page.evaluate(forged, call) == 403


def opens_once_by_an_address(page: Page, shop: Shop) -> None:
    """A window's address opens the page; a second use of it is refused, and closes the first."""
    monitor = shop.monitor()
    shown = {"Authorization": f"Bearer {monitor['token']}"}
    page.goto(f"{monitor['url']}/monitor/")
    expect(page.get_by_label("Token")).to_be_visible()
    code = httpx.post(f"{monitor['url']}/page/once", headers=shown).json()["code"]
    address = f"{monitor['url']}/monitor/#once={code}"
    page.goto(address)  # the same page: a browser does not load it again
    expect(rows(page, "").first).to_be_visible()
    assert code not in page.url
    second = page.context.browser.new_page()
    second.goto(address)
    expect(second.get_by_text("Open it again from the menu of the window")).to_be_visible()
    second.close()
    page.reload()
    expect(page.get_by_text("Open it again from the menu of the window")).to_be_visible()
    expect(rows(page, "")).to_have_count(0)


def comes_back_after_a_kill(page: Page, shop: Shop) -> None:
    """Without its app the page says since when; with it, it is true again."""
    empty = page.context.browser.new_page()
    empty.goto(f"{shop.url}/tasks/?q=task:nothing")
    expect(empty.get_by_role("heading", name="Nothing found")).to_be_visible()
    page.goto(f"{shop.url}/tasks/?q=task:send_receipt")
    expect(rows(page, "Send receipt: 102")).to_be_visible()
    shop.kill()
    for shown in (page, empty):
        expect(shown.get_by_text("No connection to shop since")).to_be_visible()
        note = shown.locator(".note").bounding_box()
        assert note["height"] < LINES, note
        assert shown.locator(".list").bounding_box()["y"] == note["y"] + note["height"]
    empty.close()
    shop.start()
    shop.post("/receipts/103/1")
    expect(rows(page, "Send receipt: 103")).to_contain_text("Done")
    expect(page.get_by_text("No connection")).to_have_count(0)


def scrolls_through_many_tasks(page: Page, shop: Shop) -> None:
    """It reads pages as they come into sight, and holds few of them."""
    for first in range(1000, 3000, 500):
        shop.post(f"/receipts/{first}/500")
    page.goto(f"{shop.url}/tasks/?q=task:send_receipt")
    box = page.locator(".list")
    while not rows(page, "Send receipt: 100").count():
        box.evaluate("box => box.scrollBy(0, 4000)")
        page.wait_for_timeout(50)
    assert page.locator("tr[role=row]").count() < 100
    box.evaluate("box => box.scrollTo(0, 0)")
    expect(rows(page, "Send receipt: 2999")).to_be_visible()


STEPS: Final[tuple[Callable[[Page, Shop], None], ...]] = (
    shows_new_tasks_and_does_not_jump,
    shows_a_failed_task_whole_and_runs_no_markup,
    tells_numbers_and_times_as_they_are,
    tells_times_of_the_viewer,
    says_reasons_as_the_program_does,
    names_first_whom_an_e_mail_goes_to,
    says_kept_for_what_practice_mode_kept,
    says_what_is_wrong_with_a_search,
    means_what_the_window_means,
    does_each_verb,
    undoes_after_a_lost_call,
    writes_schedules_in_words,
    lets_a_looker_change_nothing,
    lets_who_acts_run_nothing,
    opens_once_by_an_address,
    comes_back_after_a_kill,
    closes_when_the_right_ends,
    scrolls_through_many_tasks,
)


def pictured(page: Page, shop: Shop) -> list[str]:
    """Take the pictures; return what axe-core finds serious."""
    found = []
    (SHOP / "mended").unlink(missing_ok=True)
    for number in (4, 5):
        shop.post(f"/invoices/{number}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for (width, height), view in ((size, view) for size in SIZES for view in VIEWS):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{shop.url}/tasks/{view}")
            page.wait_for_selector(".list tbody tr, .empty, form")
            page.wait_for_selector(".over b")
            if "run" in view:
                page.get_by_label("Task", exact=True).select_option(label="Write report")
            if "failed" in view:
                rows(page, "Make invoice").first.click()
                page.wait_for_selector("aside section")
            name = view.strip("?").replace("=", "-").replace(":", "-") or "tasks"
            page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png")
            judged = Axe().run(page).response["violations"]
            found += [
                f"{name}, {scheme}, {width} px: {each['id']}: {each['help']}: "
                f"{each['nodes'][0]['html'][:120]}"
                for each in judged
                if each["impact"] in {"serious", "critical"}
            ]
    return found


def main() -> int:
    """Take each step, in order; returns 1 when one fails."""
    wrong = []
    expect.set_options(timeout=WITHIN_S * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shop = Shop(SHOP)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(WITHIN_S * 1000)
        page.on("pageerror", lambda error: wrong.append(f"The page's script failed: {error}"))
        try:
            for step in STEPS:
                step(page, shop)
                print(f"right: {step.__name__.replace('_', ' ')}", flush=True)
            wrong += pictured(page, shop)
        except Exception:
            page.screenshot(path=PICTURES / "failed.png")
            raise
        finally:
            shop.process.kill()
            browser.close()
    print("\n".join(dict.fromkeys(wrong)) or "Nothing on the page is wrong.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
