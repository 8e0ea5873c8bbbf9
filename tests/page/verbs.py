"""Each verb of the page, by mouse and by keyboard alone, on a wide screen and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page, expect  # type: ignore[import-not-found]

from tests.page.stage import UNDO_S, WITHIN_S, Shop, rows

TABS: Final = 200
"""The most presses of Tab until a control has the focus."""
MODIFIER: Final = "Control"


@dataclass(frozen=True)
class Hand:
    """Somebody at the page of the shop; ``first`` is the number of their first order."""

    page: Page
    shop: Shop
    first: int
    by_keyboard: bool

    def at(self, query: str, mount: str = "tasks") -> None:
        """Open a place of the page."""
        self.page.goto(f"{self.shop.url}/{mount}/{query}")

    def reach(self, control: Any) -> None:
        """Move the focus to a control by Tab."""
        expect(control).to_be_visible()
        for _ in range(TABS):
            if control.evaluate("it => it === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{control} is not reached by Tab.")

    def use(self, control: Any, key: str = "Enter") -> None:
        """Press a button, or follow a link."""
        if self.by_keyboard:
            self.reach(control)
            self.page.keyboard.press(key)
        else:
            control.click()

    def press(self, name: str, within: Any = None) -> None:
        """Press the button of this name."""
        self.use((within or self.page).get_by_role("button", name=name, exact=True))

    def write(self, name: str, text: str, keys: str = "") -> None:
        """Write into the field of this name; ``keys`` if it takes others than its value."""
        field = self.page.get_by_label(name, exact=True)
        if not self.by_keyboard:
            field.fill(text)
            return
        self.reach(field)
        if not keys:
            self.page.keyboard.press(f"{MODIFIER}+a")
        self.page.keyboard.type(keys or text)

    def choose(self, name: str, option: str) -> None:
        """Choose from a list."""
        field = self.page.get_by_label(name, exact=True)
        if self.by_keyboard:
            self.reach(field)
            self.page.keyboard.type(option)
        else:
            field.select_option(label=option)
        expect(field.locator("option:checked")).to_have_text(option)

    def search(self, text: str) -> None:
        """Type a search."""
        if self.by_keyboard:
            self.page.keyboard.press("/")
            self.page.keyboard.press(f"{MODIFIER}+a")
            self.page.keyboard.type(text)
        else:
            self.page.locator("#query").fill(text)
        self.page.wait_for_function(
            "q => new URLSearchParams(location.search).get('q') == q", arg=text
        )

    def open_row(self, text: str) -> Any:
        """Open the task of the first row, which has a text; return its details."""
        row = rows(self.page, "").first
        expect(row).to_contain_text(text)
        if not self.by_keyboard:
            row.click()
        else:
            self.reach(self.page.locator(".list"))
            self.page.keyboard.press("j")
        expect(row).to_have_attribute("aria-selected", "true")
        return self.page.locator("aside")

    def see_all(self) -> None:
        """Mark all that failed as seen, for the verbs that follow."""
        seen = """() => fetch('api/tasks/bulk', {
            method: 'POST', headers: { 'X-Sendoff-Page': 1 },
            body: JSON.stringify({ action: 'seen', filter: { state: 'failed' } }),
        }).then((answer) => answer.status)"""
        assert self.page.evaluate(seen) == 200

    @property
    def undo(self) -> Any:
        """The button of the last action."""
        return self.page.get_by_role("button", name="Undo")


def _longer(route: Any) -> None:
    """Give a person longer to undo; the page gives five seconds."""
    route.continue_(post_data={**route.request.post_data_json, "delay": UNDO_S})


def _soon(route: Any) -> None:
    """Give no time to undo."""
    route.continue_(post_data={**route.request.post_data_json, "delay": 0.1})


def retries(hand: Hand) -> None:
    """*Retry* of one task can be undone; *Retry n* of all that a search finds is carried out."""
    (hand.shop.folder / "mended").unlink(missing_ok=True)
    for number in (hand.first, hand.first + 1):
        hand.shop.post(f"/invoices/{number}")
    hand.at(f"?q=task:make_invoice state:failed {hand.first}")
    detail = hand.open_row(f"order_id {hand.first}")
    hand.page.route("**/tasks/bulk", _longer, times=1)
    hand.press("Retry", detail)
    hand.use(hand.undo)
    expect(hand.undo).to_have_count(0)
    expect(detail.locator(".head")).to_contain_text("Failed")
    (hand.shop.folder / "mended").touch()
    hand.at("?q=task:make_invoice state:failed")
    hand.press("Retry 2")
    hand.search(f"task:make_invoice state:succeeded {hand.first}")
    expect(rows(hand.page, "Make invoice")).to_have_count(1)


def cancels(hand: Hand) -> None:
    """*Cancel* stops a running task."""
    hand.shop.post(f"/photos/{hand.first}")
    hand.at(f"?q=queue:images state:running {hand.first}")
    detail = hand.open_row(str(hand.first))
    hand.press("Cancel", detail)
    expect(detail.locator(".head")).to_have_text("Cancelled")


def settles(hand: Hand) -> None:
    """What may be done twice shows the evidence first; *It was done* can be undone, too."""
    hand.shop.post(f"/cards/{hand.first}")
    hand.at("?q=state:uncertain")
    detail = hand.open_row("Charge card")
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    hand.use(detail.get_by_role("link", name="Run again with other arguments"))
    hand.page.once("dialog", refuse)
    hand.press("Run", hand.page.locator("form"))
    hand.use(hand.page.locator("form").get_by_role("link", name="Cancel"))
    hand.page.once("dialog", refuse)
    hand.press("Run again…", detail)
    assert [each for each in asked if "twice" in each] == asked
    assert len(asked) == 2
    hand.page.once("dialog", lambda dialog: dialog.accept())
    hand.press("Run again…", detail)
    expect(detail.locator(".att")).to_have_count(2)
    hand.press("It was done", detail)
    hand.use(hand.undo)
    expect(hand.undo).to_have_count(0)
    hand.press("It was done", detail)
    expect(detail.locator(".head")).to_have_text("Done")
    hand.at(f"?q=task:charge_card state:succeeded {hand.first}")
    expect(rows(hand.page, "Charge card").locator(".t")).to_have_text("")


def marks_as_seen(hand: Hand) -> None:
    """*Mark as seen* takes failed tasks out of *failed*, above the chips and in them."""
    (hand.shop.folder / "mended").unlink(missing_ok=True)
    hand.shop.post(f"/invoices/{hand.first}")
    hand.at("?view=causes")
    cause = hand.page.locator("tr", has_text="make_invoice")
    expect(cause.get_by_role("button", name="Retry 1")).to_be_visible()
    hand.use(cause.get_by_role("link"))
    hand.press("Mark as seen")
    expect(hand.page.get_by_text("Nothing failed, nothing waits for you")).to_be_visible()
    hand.at(f"?q={hand.first}")
    figure = hand.page.locator(".over a", has_text="failed").locator("b")
    expect(figure).to_have_text("0")
    hand.press("More ▾")
    expect(hand.page.get_by_role("button", name=re.compile("^Failed"))).to_have_count(0)
    hand.use(hand.page.get_by_role("button", name=re.compile(r"^Seen \d+$")))
    expect(rows(hand.page, f"order_id {hand.first}")).to_have_count(1)


def tries_a_held_queue(hand: Hand) -> None:
    """A queue that waits for a person says why, and tries again at once."""
    (hand.shop.folder / "mended").unlink(missing_ok=True)
    hand.shop.post("/held")
    hand.at("?view=causes")
    cause = hand.page.locator("tr", has_text="the account is closed")
    expect(cause.get_by_role("button", name="Try now")).to_be_visible()
    hand.use(cause.get_by_role("link").first)
    hand.use(hand.page.get_by_role("link", name="Show the queue"))
    held = hand.page.locator("tr", has_text="held")
    expect(held).to_contain_text("the account is closed")
    (hand.shop.folder / "mended").touch()
    hand.press("Try now", held)
    expect(held.get_by_role("button", name="Try now")).to_have_count(0)


def tries_what_waits(hand: Hand) -> None:
    """A task that waits for a person, or for its next attempt, is tried at once: each way."""
    (hand.shop.folder / "mended").unlink(missing_ok=True)
    for number, for_person in enumerate((True, False, True, False), hand.first):
        hand.shop.post(f"/bookings/{number}/{for_person}")
    hand.page.route("**/tasks/bulk", _soon)
    hand.at(f"?q=queue:bank state:waiting {hand.first}")
    detail = hand.open_row("no rate is set")
    (hand.shop.folder / "mended").touch()
    hand.press("Try now", detail)
    expect(detail.locator(".head")).to_have_text("Done")
    hand.at(f"?q=queue:bank state:waiting {hand.first + 1}")
    expect(hand.open_row("it is closed").locator(".head")).to_contain_text("Waiting")
    hand.page.keyboard.press("r")
    expect(detail.locator(".head")).to_have_text("Done")
    hand.at("?view=causes")
    cause = hand.page.locator("tr", has_text="no rate is set")
    hand.press("Try now 1", cause)
    expect(cause).to_have_count(0)
    hand.at("?q=queue:bank state:waiting")
    expect(hand.page.get_by_role("button", name="Cancel 1")).to_be_visible()
    hand.press("Try now 1")
    hand.search(f"queue:bank state:done {hand.first + 3}")
    expect(rows(hand.page, "Book")).to_have_count(1)
    hand.page.unroute_all(behavior="wait")


def counts_what_waits_once(hand: Hand) -> None:
    """What a pause stops is *waiting*: above the list, in its filter and by its cause."""
    hand.at("?view=queues")
    hand.press("Pause", hand.page.locator("tr", has_text="mail"))
    for number in (hand.first, hand.first + 1):
        hand.shop.post(f"/receipts/{number}")
    hand.at("?q=state:need_you")
    figure = hand.page.locator(".over a", has_text="waiting")
    expect(figure.locator("b")).to_have_text("2")
    hand.use(figure)
    expect(hand.page.get_by_role("button", name=re.compile(r"^Waiting\s+2$"))).to_be_visible()
    expect(hand.page.get_by_role("button", name=re.compile("^Under way"))).to_have_count(0)
    expect(rows(hand.page, "Send receipt")).to_have_count(2)
    hand.at("?view=causes")
    cause = hand.page.get_by_label("Causes").locator("tbody tr")
    expect(cause).to_have_count(1)
    expect(hand.page.get_by_role("link", name=re.compile(r"^Causes\s+1$"))).to_be_visible()
    hand.press("Resume", cause)
    expect(hand.page.locator("tr", has_text="is paused")).to_have_count(0)


def pauses_a_queue(hand: Hand) -> None:
    """A paused queue says since when, what waits for it, and how long the first has waited."""
    hand.at("?view=queues")
    cards = hand.page.locator("tr", has_text="cards")
    hand.press("Pause", cards)
    expect(cards).to_contain_text(re.compile(r"Paused since \d\d:\d\d"))
    hand.shop.post(f"/cards/{hand.first + 1}")
    expect(cards).to_contain_text("1 task waits and starts when you resume")
    expect(cards.locator("td").nth(3)).to_have_text(re.compile(r"\d+ (s|min)"))
    hand.press("Resume", cards)
    expect(cards).not_to_contain_text("Paused")
    hand.at("?q=state:uncertain")
    detail = hand.open_row("Charge card")
    hand.press("It was done", detail)
    expect(detail.locator(".head")).to_have_text("Done")


def steers_a_schedule(hand: Hand) -> None:
    """A schedule says in words when it runs; it runs now, and can be paused."""
    hand.at("?view=schedules")
    for title, when in (
        ("Nightly report", "Every day at 03:00, UTC"),
        ("Weekly digest", "Monday to Friday at 06:30, UTC"),
        ("First sunday", "0 3 1-7 * sun"),
    ):
        expect(hand.page.locator("tr", has_text=title)).to_contain_text(when)
    nightly = hand.page.locator("tr", has_text="Nightly report")
    hand.press("Run now", nightly)
    expect(nightly).to_contain_text("Done")
    hand.press("Pause", nightly)
    expect(nightly).to_contain_text("Its times are skipped")
    hand.press("Resume", nightly)
    expect(nightly).not_to_contain_text("skipped")
    hand.at("?view=queues")
    queue = hand.page.locator("tr", has_text="nightly_report")
    hand.press("Pause", queue)
    hand.at("?view=schedules")
    expect(nightly).to_contain_text("The queue nightly_report is paused")
    hand.at("?view=queues")
    hand.press("Resume", queue)
    expect(queue).not_to_contain_text("Paused")


def runs(hand: Hand) -> None:
    """A function runs with what is typed; a wrong value is named beside its field."""
    hand.at("")
    hand.use(hand.page.get_by_role("link", name="Run…"))
    expect(hand.page.locator("#function option:checked")).to_have_text("Choose one")
    hand.choose("Task", "Write report")
    form = hand.page.locator("form")
    hand.press("Run", form)
    day, pages = (hand.page.get_by_label(name) for name in ("Day", "Pages"))
    expect(day).to_be_focused()
    expect(day).to_have_accessible_description("Required.")
    hand.write("Day", "2026-05-01", keys="05012026")
    hand.write("Pages", "ten")
    hand.write("Lines", "[1")
    hand.press("Run", form)
    expect(hand.page.get_by_label("Lines")).to_have_accessible_description(re.compile("not JSON"))
    hand.write("Lines", '["a", 1]')
    hand.press("Run", form)
    expect(pages).to_be_focused()
    expect(pages).to_have_accessible_description("This must be a whole number.")
    expect(hand.page.get_by_label("Lines")).to_have_accessible_description("1: This must be text.")
    hand.write("Lines", '["a"]')
    hand.write("Pages", "4")
    hand.choose("Shape", "pdf")
    hand.use(hand.page.get_by_label("Is draft"), key="Space")
    with hand.page.expect_request(lambda request: request.method == "POST") as sent:
        hand.press("Run", form)
    given = sent.value.post_data_json["kwargs"]
    told = {"day": "2026-05-01", "pages": 4, "lines": ["a"], "shape": "pdf", "is_draft": True}
    assert given == told, given
    expect(hand.undo).to_be_visible()
    detail = hand.page.locator("aside")
    expect(detail).to_contain_text("2026-05-01 4 pdf ['a'] None True", timeout=WITHIN_S * 1000)


def runs_like_another(hand: Hand) -> None:
    """Only what is changed is sent; a secret is kept, and does not come to the browser."""
    hand.shop.post("/reports")
    hand.at("?q=task:write_report")
    detail = hand.open_row("pages 3")
    hand.use(detail.get_by_role("link", name="Run again with other arguments"))
    expect(hand.page.get_by_label("Day")).to_have_value("2026-03-01")
    password = hand.page.get_by_label("Password")
    expect(password).to_have_attribute("placeholder", "Kept")
    hand.write("Pages", "7")
    with hand.page.expect_request(lambda request: request.method == "POST") as sent:
        hand.press("Run", hand.page.locator("form"))
    body = sent.value.post_data_json
    assert (body["kwargs"], "args" in body) == ({"pages": 7}, False), body
    expect(detail).to_contain_text("2026-03-01 7 csv None None False 7", timeout=WITHIN_S * 1000)
    assert "hunter2" not in hand.page.content()


def runs_again_what_cannot_succeed(hand: Hand) -> None:
    """A permanent error is met by other arguments; the form says which task and what error."""
    name = f"ada{hand.first}"
    hand.shop.post(f"/letters/{name}")
    hand.at(f"?q=task:send_letter {name}")
    detail = hand.open_row(name)
    expect(rows(hand.page, name).locator(".why")).to_have_text("User unknown")
    again = detail.get_by_role("link", name="Run again with other arguments")
    expect(again).to_have_class(re.compile(r"\bp\b"))
    expect(detail.get_by_role("button", name="Retry")).not_to_have_class(re.compile(r"\bp\b"))
    hand.use(again)
    form = hand.page.locator("form")
    expect(form.get_by_role("heading")).to_contain_text("Send letter")
    expect(form).to_contain_text("User unknown")
    expect(hand.page.get_by_label("Name", exact=True)).to_be_focused()
    hand.use(form.get_by_role("link", name="Cancel"))
    hand.see_all()


def goes_by_keys(hand: Hand) -> None:
    """From the search to the tasks, into one and back; *Ctrl+Z* undoes; the new task is shown."""
    number = 5000 + hand.first
    for each in (number, number + 1):
        hand.shop.post(f"/receipts/{each}")
    hand.at(f"?q=task:send_receipt {number}")
    expect(rows(hand.page, str(number))).to_be_visible()  # arguments are found a bit later
    hand.at("?q=task:send_receipt")
    expect(rows(hand.page, str(number + 1))).to_be_visible()
    keys = hand.page.keyboard
    for key in ("Enter", "ArrowDown"):
        keys.press("/")
        keys.press(f"{MODIFIER}+a")
        keys.type(f"task:send_receipt {number}")
        keys.press(key)
        detail = hand.page.locator("aside")
        expect(detail).to_contain_text(f"order_id  {number}")
        keys.press("Enter")
        expect(detail).to_be_focused()
        keys.press("Escape")
        expect(detail).to_have_count(0)
        expect(hand.page.locator(".list")).to_be_focused()
    hand.shop.post(f"/letters/bo{hand.first}")
    hand.at("?q=task:send_letter")
    expect(rows(hand.page, f"bo{hand.first}")).to_contain_text("Failed")
    keys.press("j")
    hand.page.route("**/tasks/bulk", _longer, times=1)
    expect(hand.page.locator("aside").get_by_role("button", name="Retry")).to_be_visible()
    keys.press("r")
    expect(hand.undo).to_be_visible()
    keys.press(f"{MODIFIER}+z")
    expect(hand.undo).to_have_count(0)
    hand.see_all()


def shows_the_task_that_it_ran(hand: Hand) -> None:
    """A task that a person runs is in the list at once, though they were reading it."""
    hand.at("")
    expect(rows(hand.page, "").first).to_be_visible()
    hand.page.mouse.move(300, 600)
    hand.use(hand.page.get_by_role("link", name="Run…"))
    hand.choose("Task", "Send receipt")
    hand.write("Order id", str(6000 + hand.first))
    hand.press("Run", hand.page.locator("form"))
    row = rows(hand.page, f"order_id {6000 + hand.first}")
    if hand.page.viewport_size["width"] > 860:
        expect(row).to_be_visible()
        expect(hand.page.get_by_role("button", name="newer")).to_have_count(0)
    expect(hand.page.locator("aside")).to_contain_text(f"order_id  {6000 + hand.first}")


def exports_the_log(hand: Hand) -> None:
    """The log has each act with the name of who asked, and is saved as it is filtered."""
    hand.at("?view=log")
    log = hand.page.get_by_label("Log", exact=True)
    expect(log.locator("tr", has_text=re.compile(r"Run #\d")).first).to_contain_text("ana")
    for about in ("queue cards", "Cancel", "Mark as done", "Mark as seen", "Undo", "schedule"):
        expect(log.locator("tr", has_text=about).first).to_contain_text("ana")
    hand.write("Filter the log", "resume since:1h")
    expect(log.locator("tr", has_text="Cancel")).to_have_count(0)
    with hand.page.expect_download() as saved:
        hand.press("Export")
    assert "ana,resume,queue,cards,0," in saved.value.path().read_text()


def signs_in_and_out(hand: Hand) -> None:
    """The closed page lets in whoever has a token, until *Sign out*; a full one may run."""
    hand.at("", "closed")
    for said in ("An app prints one", "“sendoff-tasks token add NAME --data-dir FOLDER”"):
        expect(hand.page.get_by_text(said)).to_be_visible()
    hand.write("Token", "0" * 64)
    hand.press("Sign in")
    expect(hand.page.get_by_role("alert")).to_contain_text("is not valid")
    hand.write("Token", hand.shop.monitor()["token"])
    hand.press("Sign in")
    expect(hand.page.get_by_role("link", name="Run…")).to_be_visible()
    hand.press("Sign out")
    expect(hand.page.get_by_label("Token")).to_be_visible()


VERBS: Final[tuple[Callable[[Hand], None], ...]] = (
    retries,
    cancels,
    settles,
    marks_as_seen,
    tries_a_held_queue,
    tries_what_waits,
    counts_what_waits_once,
    pauses_a_queue,
    steers_a_schedule,
    runs,
    runs_like_another,
    runs_again_what_cannot_succeed,
    goes_by_keys,
    shows_the_task_that_it_ran,
    exports_the_log,
    signs_in_and_out,
)
WAYS: Final = (
    ("by mouse, 1440 px, light", False, (1440, 900), "light"),
    ("by keyboard, 1440 px, dark", True, (1440, 900), "dark"),
    ("by touch, 390 px, dark", False, (390, 844), "dark"),
    ("by keyboard, 390 px, light", True, (390, 844), "light"),
)


def does_each_verb(page: Page, shop: Shop) -> None:
    """Do each verb in each way."""
    for place, (name, by_keyboard, (width, height), scheme) in enumerate(WAYS, 1):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        hand = Hand(page, shop, 10 * place + 70, by_keyboard)
        for verb in VERBS:
            verb(hand)
            print(f"right: {verb.__name__.replace('_', ' ')}, {name}", flush=True)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
