"""A window with a viewer's token shows everything, live, and nothing that could not work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.client.api import Api
from desktop.gui.kit.rights import READ_ONLY
from desktop.gui.kit.widgets.choice import FilterButton
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend
from sendoff_tasks.folder.tokens import add_token
from sendoff_tasks.model.problems import Access
from tests.gui import play

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from desktop.contract.items import NewItem
    from tests.conftest import RunningBackend
    from tests.gui.play import Play

BROKEN = """
from sendoff_tasks import task

@task(title="Receipt", retry=1)
def receipt(item_id: int) -> None:
    raise ValueError("it is broken")
"""
ITEM: NewItem = {
    "title": "Booking",
    "recipient": {"name": "Ada", "email": "ada@example.org"},
    "tasks": ["send_confirmation_email", "receipt"],
}
LOOKS = {
    *("Back", "Narrow the search"),
    *("Settings", "1 failed", "More", "Show its tasks", "Dismiss", "Show"),
    *("Show all notices, 1 more", "Show all notices, 2 more"),
    *("Confirmation e-mail: Kept in the outbox, not sent", "Save report…"),
    *("Receipt: Failed · ValueError: it is broken", "Item: 1", "Reason: All with this reason"),
    *("Export these items…", "Export these batches…", "Clear"),
    *("History", "More actions", "Show traceback", "Copy Message-ID", "Open the log"),
}
"""Buttons that change nothing."""


def others(play: Play) -> set[str]:
    """Name the buttons in sight that are for more than looking."""
    found = play.window.findChildren(QPushButton)
    named = {
        each.accessibleName() or each.text()
        for each in found
        if each.isVisible() and not isinstance(each, FilterButton)
    }
    told = ("More: ", "Also: ")  # filters without room; what else is the case
    return {each for each in named - LOOKS if not each.startswith(told)}


def entries(play: Play) -> set[str]:
    """Name the entries of the gear's menu and of the rows'."""
    play.window.page.table.selectAll()
    menu = play.window.page.table.menu()
    assert menu is not None
    play.window.menu.aboutToShow.emit()
    actions = [*menu.actions(), *play.window.menu.actions()]
    menu.close()
    return {each.text() for each in actions if each.isVisible() and each.text()}


def test_it_offers_nothing_that_it_may_not_do_and_begins_with_what_needs_a_person(
    tmp_path: Path,
    qapp: QApplication,
    data: OfficeFolder,
    backends: Callable[[Path], RunningBackend],
) -> None:
    served = OfficeFolder(tmp_path / "server")
    served.create()
    (served.tasks / "broken.py").write_text(BROKEN)
    backend = backends(served.root).backend
    token = add_token(served.tokens_file, "viewer", Access.VIEWER)
    other = Api(backend)

    async def look(play: Play) -> None:
        await asyncio.to_thread(other.items.submit, 1, ITEM, new_key())
        await asyncio.to_thread(other.batches.create, {"name": "A draft"}, new_key())
        await play.until(lambda: sorted(play.states()) == ["failed", "succeeded"])
        for place in (play.window.items, play.window.batches):
            place.open()
            await play.until(place.card.isVisible)
            assert others(play) == set()
        play.window.places.go_home()
        detail = play.window.page.detail
        for row in (0, 1):
            play.window.page.table.selectRow(row)
            await play.until(lambda: detail.read is not None)
            assert others(play) == set()
            assert all(each.verb in READ_ONLY for each in detail.shown.head.more)
        assert {each for each in entries(play) if not each.startswith("Add Sendoff")} == {
            "Older items",
            "Spreadsheets",
            *("Copy as text", "Copy address (each once)", "Export these tasks…"),
            *(
                "This computer",
                "Open the page",
                "Open a server…",
                "Appearance",
                "Help",
                "About Sendoff…",
                "Quit",
            ),
        }
        words = play.window.head.always.text()
        assert words.startswith("Practice · Read-only · ")
        assert play.window.form.isHidden()
        assert [each.text() for each in play.window.tray.menu.actions()][-1] == "Quit"
        await asyncio.to_thread(other.pause, None)
        await play.until(lambda: "paused" in play.told())
        assert not any(each.button for each in play.window.sentence.found)
        assert others(play) == set()

    async def begin_again(play: Play) -> None:
        await play.until(lambda: play.window.page.detail.read is not None)
        assert play.window.page.detail.shown.head.name == "Receipt"

    place, server = data.at_address(backend.url), Backend(backend.url, token, NO_PID)
    for scene in (look, begin_again):
        play.perform(scene, app=qapp, data=place, server=server)
    other.close()
