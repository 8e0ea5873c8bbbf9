"""Each button of a task and of its message is clicked in the real program and does what it says.

A button without a line in these tables fails, as does a line whose button is not there.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.client.api import new_key
from desktop.gui.tasks.detail.task_detail import LOG, SUMMARY
from desktop.gui.tasks.detail.task_detail import MESSAGE as MESSAGE_TAB
from tests.gui.clicks.walks import (
    DIALOG,
    POPUP,
    Leads,
    Place,
    close_sheets,
    sheet,
    shown,
    shut,
    the,
    two_items,
    walk,
)
from tests.gui.hands import press, press_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.items import NewItem
    from tests.gui.play import Perform, Play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


async def chosen_task(play: Play) -> None:
    close_sheets(play)
    play.window.switch.choose("tasks")
    press_row(play.window.page.table, 0)
    detail = play.window.page.detail
    await play.until(lambda: detail.row is not None and detail.row.state == "succeeded")


def side(number: int, **lines: Leads) -> Place:
    """Return the buttons of one side of the chosen task, whose message practice kept."""

    async def show(play: Play) -> None:
        await chosen_task(play)
        play.window.page.detail.tabs.setCurrentIndex(number)

    return Place(show, lambda play: play.window.page.detail, {**DETAIL, **lines})


def way(at: Callable[[Play], Any], name: str) -> Leads:
    """Return that a message is shown as its reader sees it, as text or as source."""
    return Leads(lambda play: at(play).choice.value() == name)


def ways(at: Callable[[Play], Any]) -> dict[str, Leads]:
    return {
        "Plain text": way(at, "text"),
        "Source": way(at, "source"),
        "Formatted": way(at, "html"),
    }


DETAIL: Final = {
    "More parts of the task": POPUP,
    "Correct…": sheet("CorrectionSheet"),
    "Copy": Leads(
        lambda play: QGuiApplication.clipboard().text() == play.window.page.detail.summary.text(),
        lambda _: QGuiApplication.clipboard().clear(),
    ),
}
SIDES: Final = (
    side(
        SUMMARY,
        **{
            "Item: #": Leads(
                lambda play: play.window.views.row.narrowed_to.startswith("Item"),
                end=lambda play: press(play.window.views.row.narrowed),
            ),
        },
    ),
    side(LOG, Follow=Leads(lambda play: not play.window.page.detail.log_page.follow.isChecked())),
    side(
        MESSAGE_TAB,
        **ways(lambda play: play.window.page.detail.message.mail),
        Enlarge=sheet("MessageSheet"),
    ),
)


def sheet_place(name: str, ask: Callable[[Play], object], lines: dict[str, Leads]) -> Place:
    return Place(shown(name, ask), lambda play: the(play, name), lines)


MESSAGE: Final = sheet_place(
    "MessageSheet",
    lambda play: press(play.window.page.detail.message.mail.enlarge),
    {
        **ways(lambda play: the(play, "MessageSheet").message),
        "Open in the e-mail program": Leads(lambda play: play.window.property("opened")),
        "Print…": DIALOG,
        "Close": shut("MessageSheet"),
    },
)


def fill_form(play: Play) -> None:
    values = {"recipient.name": "Cy", "recipient.email": "cy@example.org"}
    tasks = ["send_confirmation_email"]
    play.window.form.restore({"number": "", "values": values, "tasks": tasks})
    press(play.window.form.preview_button)


PREVIEW: Final = sheet_place(
    "PreviewPane",
    fill_form,
    {**ways(lambda play: play.window.preview.sheet.mail), "Close": shut("PreviewPane")},
)


def newest(play: Play) -> int:
    row = play.model.row_at(0)
    assert row is not None
    return row.id


def ask(verb: str) -> Callable[[Play], object]:
    return lambda play: play.program.rooms.tasks.wishes.carry_out(verb, [newest(play)])  # type: ignore[arg-type]


CORRECTION: Final = sheet_place(
    "CorrectionSheet",
    ask("correct"),
    {
        "Save": shut("CorrectionSheet"),
        "Save and send": shut("CorrectionSheet"),
        "Close": shut("CorrectionSheet"),
    },
)
ADDRESS: Final = sheet_place(
    "AddressSheet",
    ask("send_to"),
    {
        "Close": shut("AddressSheet"),
        "Send": shut(
            "AddressSheet", lambda play: the(play, "AddressSheet").email.set_text("x@example.org")
        ),
    },
)
TIME: Final = sheet_place(
    "TimeSheet",
    ask("change_time"),
    {"Calendar": POPUP, "Save": shut("TimeSheet"), "Close": shut("TimeSheet")},
)


async def one_for_tomorrow(play: Play) -> None:
    """Have the newest task start tomorrow."""
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    item: NewItem = {"recipient": {"email": "cy@example.org"}, "run_at": at}
    await asyncio.to_thread(play.api.items.submit, None, item, new_key())
    await play.until(lambda: play.states()[0] == "scheduled")


def test_a_message_and_what_is_done_to_it(
    perform: Perform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(play: Play) -> None:
        def note(url: Any) -> bool:
            return play.window.setProperty("opened", url.fileName()) or True

        monkeypatch.setattr(QDesktopServices, "openUrl", note)
        play.window.resize(1500, 900)
        await two_items(play)
        for each in (*SIDES, MESSAGE, PREVIEW, CORRECTION, ADDRESS):
            await walk(play, each)
        await one_for_tomorrow(play)
        await walk(play, TIME)

    perform(scene)
