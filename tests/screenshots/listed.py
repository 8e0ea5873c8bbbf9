"""Scenes of the list *Do not send*, of e-mails that came back, and of who did what."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.contract.do_not_send import ListOrigin
from desktop.contract.rules.mailbox import written_address
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.states import State
from tests.mail.returned import report
from tests.screenshots.hands import nothing

if TYPE_CHECKING:
    from desktop.contract.do_not_send import NewListEntry
    from tests.screenshots.stage import Stage

ENTRIES: Final[tuple[tuple[ListOrigin, NewListEntry], ...]] = (
    (ListOrigin.PERSON, {"address": "@alt.example", "reason": "no_domain"}),
    (ListOrigin.FILE, {"address": "m.keller@example.net", "reason": "left", "source": "2026.csv"}),
    (ListOrigin.PERSON, {"address": "k.weber@example.com", "reason": "asked", "note": "phoned"}),
    (
        ListOrigin.SERVER,
        {"address": "dee@exmaple.org", "reason": "no_mailbox", "source": "550 5.1.1"},
    ),
)


async def _open_list(stage: Stage) -> None:
    for origin, entry in ENTRIES:
        await asyncio.to_thread(stage.api.do_not_send.add, [entry], origin)
    stage.program.rooms.listed.open()
    await stage.until(lambda: stage.program.rooms.listed.dialog.model.rowCount() == len(ENTRIES))


async def _type_listed(stage: Stage) -> None:
    stage.window.form.begin()
    stage.type(name="Klara Weber", email="K.Weber@example.com")
    stage.window.form.listed.follow()
    await stage.until(lambda: stage.window.form.listed.stops)


async def _clear(stage: Stage) -> None:
    stage.window.form.clear()


async def _read_bounces(stage: Stage) -> None:
    """Read two bounces: of a known message, and of an address that got no e-mail."""
    page = await asyncio.to_thread(stage.api.page, SortedFilter(states=(State.SUCCEEDED,)), limit=1)
    task = await asyncio.to_thread(stage.api.task, page["tasks"][0]["id"])
    file = Path(stage.program.rooms.frame.folders.data.root) / "returned.mbox"
    to = written_address(task["to"] or "")
    mails = (
        report(to, f"<{str(task['message_id']).strip('<>')}>"),
        report("nobody@example.net", "<1@example.net>"),
    )
    file.write_bytes(b"".join(b"From mailer\n" + mail + b"\n\n" for mail in mails))
    stage.program.rooms.listed.take_mails([str(file)])
    await stage.until(lambda: stage.program.rooms.listed.bounces.model.rowCount())


LIST_SCENES: Final = (
    ("list", _open_list, nothing),
    ("list-form", _type_listed, _clear),
    ("list-bounces", _read_bounces, nothing),
)
