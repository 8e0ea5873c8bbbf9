"""What a person does on the page, in Chromium; run by ``python -m tests.page``.

It knows nothing of the project but the page; Playwright and axe-core are in a folder of their own.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-not-found]
from playwright.sync_api import Page, expect, sync_playwright  # type: ignore[import-not-found]

CHROMIUM, SHOP, PICTURES = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
SIZES: Final = ((1440, 900), (1024, 768), (390, 844))
VIEWS: Final = (
    "",
    "?q=state:failed",
    "?view=causes",
    "?view=queues",
    "?view=schedules",
    "?view=log",
)
WITHIN_S: Final = 180
UNDO_S: Final = 15
"""Longer than the page gives: a machine may be slow."""
MARKUP: Final = "<img src=x onerror=document.title='ran'>"


class Shop:
    """The app in a process of its own, at one address also after it was killed."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            sys.executable,
            "-P",
            "-m",
            "uvicorn",
            "tests.page.shop:app",
            "--log-level",
            "critical",
        ]
        environment = {**os.environ, "SHOP_FOLDER": str(SHOP)}
        self.process = subprocess.Popen([*command, "--port", str(self.port)], env=environment)
        while True:
            try:
                httpx.get(f"{self.url}/openapi.json")
            except httpx.TransportError:
                if self.process.poll() is not None:
                    sys.exit("The app does not start.")
                time.sleep(0.1)  # a port tells nobody that it is open
            else:
                return

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def monitor(self) -> dict[str, str]:
        """Return the address and the token of its monitor."""
        told: dict[str, str] = json.loads((SHOP / "data" / "backend.json").read_text())
        return told

    def post(self, path: str) -> None:
        """Let a route add tasks."""
        httpx.post(self.url + path, timeout=WITHIN_S).raise_for_status()


def rows(page: Page, text: str) -> Any:
    """Return the rows of the list with a text."""
    return page.locator("tr[role=row]", has_text=text)


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


def undoes_and_retries_all_that_the_search_finds(page: Page, shop: Shop) -> None:
    """*Retry 3* can be undone, also after a lost call; without *Undo* all are tried again."""

    def give_longer(route: Any) -> None:
        route.continue_(post_data={**route.request.post_data_json, "delay": UNDO_S})

    page.route("**/tasks/bulk", give_longer, times=1)
    page.get_by_role("button", name="Retry 3").click()
    page.route("**/pending/*", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.wait_for_timeout((UNDO_S + 1) * 1000)
    expect(rows(page, "Make invoice").first).to_contain_text("1 of 1")
    (SHOP / "mended").touch()
    page.get_by_role("button", name="Retry 3").click()
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    search(page, "task:make_invoice state:succeeded")
    expect(rows(page, "Make invoice")).to_have_count(3)


def cancels_by_the_keyboard(page: Page, shop: Shop) -> None:
    """``j`` chooses a row, ``c`` cancels its task."""
    shop.post("/photos/1")
    search(page, "queue:images")
    expect(rows(page, "25 %")).to_be_visible()
    page.locator(".list").focus()
    page.keyboard.press("j")
    expect(page.locator("aside")).to_contain_text("Running")
    page.keyboard.press("c")
    expect(page.locator("aside .head")).to_have_text("Cancelled")


def asks_before_it_runs_an_uncertain_task_again(page: Page, shop: Shop) -> None:
    """*Run again* shows the evidence first; *It was done* settles the task."""
    shop.post("/cards/1")
    search(page, "state:uncertain")
    rows(page, "Charge card: 1").click()
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", refuse)
    page.get_by_role("button", name="Run again…").click()
    assert "twice" in asked[0]
    page.get_by_role("button", name="It was done").click()
    expect(page.locator("aside .head")).to_have_text("Done")


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


def says_what_is_wrong_with_a_search(page: Page, shop: Shop) -> None:
    """A search that cannot be read loses no connection."""
    page.goto(f"{shop.url}/tasks/?q=state:open")
    expect(page.get_by_role("alert")).to_contain_text("state")
    expect(page.get_by_text("No connection")).to_have_count(0)
    search(page, "task:send_receipt")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(rows(page, "Send receipt: 100")).to_be_visible()


def lets_a_held_queue_try_now(page: Page, shop: Shop) -> None:
    """A queue that waits for a person says why, and tries again at once."""
    (SHOP / "mended").unlink()
    shop.post("/held")
    page.goto(f"{shop.url}/tasks/?view=causes")
    cause = page.locator("tr", has_text="the account is closed")
    expect(cause).to_contain_text("once the problem is fixed")
    cause.click()
    page.get_by_role("link", name="Show the queue").click()
    held = page.locator("tr", has_text="held")
    expect(held).to_contain_text("the account is closed")
    (SHOP / "mended").touch()
    held.get_by_role("button", name="Try now").click()
    expect(held.get_by_role("button", name="Try now")).to_have_count(0)


def closes_when_the_right_ends(page: Page, shop: Shop) -> None:
    """Who may look no more is told so at the next change, and sees no tasks."""
    (SHOP / "staff").touch()
    page.goto(f"{shop.url}/staff/")
    expect(rows(page, "Send receipt").first).to_be_visible()
    (SHOP / "staff").unlink()
    shop.post("/receipts/104/1")
    expect(page.get_by_text("This page is not open to you")).to_be_visible()
    expect(rows(page, "Send receipt")).to_have_count(0)


def steers_queues_and_schedules(page: Page, shop: Shop) -> None:
    """A paused queue tells how long its first task waits; a schedule runs now."""
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    cards = page.locator("tr", has_text="cards")
    cards.get_by_role("button", name="Pause").click()
    expect(cards).to_contain_text("Paused")
    shop.post("/cards/2")
    expect(cards.locator("td").nth(3)).to_have_text(re.compile(r"now|\d+ (s|min)"))
    cards.get_by_role("button", name="Resume").click()
    page.keyboard.press("4")
    nightly = page.locator("tr", has_text="Nightly report")
    nightly.get_by_role("button", name="Run now").click()
    expect(nightly).to_contain_text("Done")


def tells_who_did_what(page: Page, shop: Shop) -> None:
    """Each act above is in the log, with the name of who asked."""
    page.keyboard.press("5")
    log = page.get_by_label("Log", exact=True)
    expect(log.locator("tr", has_text="Run").first).to_contain_text("schedule")
    for about in ("queue cards", "Cancel", "Mark as done", "Undo"):
        expect(log.locator("tr", has_text=about).first).to_contain_text("ana")
    page.get_by_label("Filter the log").fill("resume since:1h")
    expect(log.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
    assert "ana,resume,queue,cards,0," in saved.value.path().read_text()


def lets_a_looker_change_nothing(page: Page, shop: Shop) -> None:
    """Who may only look has no button, and a forged call is refused."""
    page.goto(f"{shop.url}/look/?view=queues")
    expect(page.get_by_text("watching only")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    forged = "fetch('api/queues/pause', {method: 'POST', headers: {'X-Sendoff-Page': 1}})"
    assert page.evaluate(f"{forged}.then(answer => answer.status)") == 403


def asks_for_a_token(page: Page, shop: Shop) -> None:
    """The closed page lets in whoever has a token, until *Sign out*."""
    page.goto(f"{shop.url}/closed/")
    page.get_by_label("Token").fill("0" * 64)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("is not valid")
    page.get_by_label("Token").fill(shop.monitor()["token"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Token")).to_be_visible()


def opens_once_by_an_address(page: Page, shop: Shop) -> None:
    """A window's address opens the page; a second use of it is refused, and closes the first."""
    monitor = shop.monitor()
    shown = {"Authorization": f"Bearer {monitor['token']}"}
    page.goto(f"{monitor['url']}/monitor/")
    expect(page.get_by_label("Token")).to_be_visible()
    code = httpx.post(f"{monitor['url']}/page/once", headers=shown).json()["code"]
    address = f"{monitor['url']}/monitor/#once={code}"
    page.goto(address)  # the same page: a browser does not load it again
    expect(rows(page, "Send receipt").first).to_be_visible()
    assert code not in page.url
    second = page.context.browser.new_page()
    second.goto(address)
    expect(second.get_by_text("Open it again from the menu of the window")).to_be_visible()
    second.close()
    page.reload()
    expect(page.get_by_text("Open it again from the menu of the window")).to_be_visible()
    expect(rows(page, "Send receipt")).to_have_count(0)


def comes_back_after_a_kill(page: Page, shop: Shop) -> None:
    """Without its app the page says since when; with it, it is true again."""
    page.goto(f"{shop.url}/tasks/")
    expect(rows(page, "Send receipt: 102")).to_be_visible()
    shop.kill()
    expect(page.get_by_text("No connection to shop since")).to_be_visible()
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
    undoes_and_retries_all_that_the_search_finds,
    cancels_by_the_keyboard,
    asks_before_it_runs_an_uncertain_task_again,
    tells_numbers_and_times_as_they_are,
    says_what_is_wrong_with_a_search,
    lets_a_held_queue_try_now,
    steers_queues_and_schedules,
    tells_who_did_what,
    lets_a_looker_change_nothing,
    asks_for_a_token,
    opens_once_by_an_address,
    comes_back_after_a_kill,
    closes_when_the_right_ends,
    scrolls_through_many_tasks,
)


def pictured(page: Page, shop: Shop) -> list[str]:
    """Take the pictures; return what axe-core finds serious."""
    found = []
    (SHOP / "mended").unlink()
    for number in (4, 5):
        shop.post(f"/invoices/{number}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for (width, height), view in ((size, view) for size in SIZES for view in VIEWS):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{shop.url}/tasks/{view}")
            page.wait_for_selector(".list tbody tr, .empty")
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
        shop = Shop()
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
