"""Each verb that can be undone: by Ctrl+Z, by the link of its note, and from a second window."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.client.items import ItemQuery
from desktop.contract.do_not_send import ListOrigin
from desktop.gui.assembly import ShownWindow
from desktop.gui.batches.batch_verbs import WITH_GRACE
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.kit.widgets.field import RateField
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.listed.list_dialog import ListDialog
from desktop.gui.one_window import OneWindow
from desktop.gui.program import Program
from desktop.gui.tasks.detail.foot import FootQuestion
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import Settings, WindowSettings
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.model.tasks import UNDOABLE, BulkAction
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.desk_acts import correction
from tests.gui.hands import answer, asked, press
from tests.gui.importing.dropping import checked, send_all
from tests.gui.play import Play, post
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from pathlib import Path

    from tests.gui.play import Perform
    from tests.mail.server import Server

OWN: Final = """
from sendoff_tasks import GiveUp, Retry, Uncertain, task

@task(retry=1)
def fails(): raise GiveUp("no paper")

@task
def doubt(): raise Uncertain("no answer")

@task
def fine(): pass

@task(retry=Retry(attempts=5, backoff=lambda attempt, random: 6000.0))
def later(): raise OSError("no answer")
"""
OWN_TASKS: Final = {
    "fails": "failed",
    "doubt": "uncertain",
    "fine": "succeeded",
    "later": "waiting",
}
FAR: Final = "2090-01-01T00:00:00.000Z"
FARTHER: Final = "2091-01-01T00:00:00.000Z"
GRACE_S: Final = 600.0

SheetT = TypeVar("SheetT", bound=QWidget)
Numbers = dict[str, int]
"""The tasks of the store by their names here, and the batches."""


@dataclass(frozen=True)
class Undone:
    """A verb of the window, the words of its note, and how a second window takes it back.

    ``verb`` is that of what waits in the store; empty if the verb is carried out at once, and
    undone by its opposite: the second window does that by hand (``back``). ``undo_says`` tells
    that the undo has a note, which offers to do it after all. ``stays`` names what an undo leaves
    as it became.
    """

    do: Callable[[Play, Numbers], Awaitable[object]]
    says: str
    verb: str = ""
    back: Callable[[Play, Numbers], object] | None = None
    undo_says: bool = False
    stays: str = ""


@asynccontextmanager
async def second_window(play: Play, app: QApplication, folder: Path) -> AsyncIterator[Play]:
    """Open another window on the same backend, as one that opens it as a server."""
    data, backend = OfficeFolder(folder), play.api.backend
    data.create()
    lock = OneWindow(data.window_lock)
    assert lock.take()
    program = Program(ShownWindow(app, data, backend), data, lock, None, backend, data)
    main = asyncio.create_task(program.main())
    try:
        second = Play(program)
        await second.ready()
        yield second
    finally:
        program.window.quit_requested.emit()
        await main
        program.close()


async def opened(play: Play, kind: type[SheetT]) -> SheetT:
    """Wait for a sheet."""

    def found() -> list[SheetT]:
        return [each for each in play.window.findChildren(kind) if each.isVisible()]

    await play.until(found)
    return found()[0]


def _task(verb: str, name: str) -> Callable[[Play, Numbers], Awaitable[object]]:
    """Choose an action of one task."""

    async def do(play: Play, at: Numbers) -> None:
        play.window.page.table.action_chosen.emit(verb, [at[name]])

    return do


def _asked(verb: str, name: str, word: str) -> Callable[[Play, Numbers], Awaitable[object]]:
    """Choose an action of one task that asks first, and say yes."""

    async def do(play: Play, at: Numbers) -> None:
        play.window.page.table.action_chosen.emit(verb, [at[name]])
        await play.until(asked)
        answer(word)

    return do


def _batch(verb: str, name: str) -> Callable[[Play, Numbers], Awaitable[object]]:
    async def do(play: Play, at: Numbers) -> None:
        play.window.batches.action_chosen.emit(verb, at[name])

    return do


async def _cancel_all(play: Play, _: Numbers) -> None:
    play.window.page.table.action_chosen.emit("cancel", SortedFilter(states=("scheduled",)))


async def _leave_failed(play: Play, _: Numbers) -> None:
    failed = SortedFilter(states=("failed",), queue="fails")
    play.window.page.table.action_chosen.emit("seen", failed)


async def _submit(play: Play, _: Numbers) -> None:
    play.submit("Cy", "31")


_NEW: Final = count()


async def _correct(play: Play, at: Numbers) -> None:
    head = await correction(play, at["refused"])
    head.form.fields[EMAIL].replace(f"cy{next(_NEW)}@example.org")
    head.send()


async def _start(play: Play, at: Numbers) -> None:
    play.program.rooms.importing.imports.open_draft(at["draft"])
    (sheet,) = play.window.findChildren(ImportPlace)
    await play.until(lambda: checked(sheet, 1) and sheet.said.send.isEnabled())
    await send_all(play, sheet)


async def _change_time(play: Play, at: Numbers) -> None:
    await _task("change_time", "scheduled")(play, at)
    await _set_time(play)


async def _put_off(play: Play, at: Numbers) -> None:
    await _batch("time", "planned")(play, at)
    await _set_time(play)


async def _set_time(play: Play) -> None:
    question = await opened(play, FootQuestion)
    question.findChildren(MomentField)[0].set_moment(FARTHER)
    question.button.click()


async def _limit(play: Play, at: Numbers) -> None:
    await _batch("limit", "limited")(play, at)
    question = await opened(play, FootQuestion)
    question.findChildren(RateField)[0].set_rate("1/h")
    question.button.click()


async def _list(play: Play, _: Numbers) -> None:
    listed = play.program.rooms.listed
    listed.open()
    listed.adding.ask_one()
    listed.adding.address.set_text("gone@example.org")
    listed.adding.button.click()


async def _take_off(play: Play, at: Numbers) -> None:
    sheet = play.program.rooms.listed.dialog
    sheet.open()
    await play.until(lambda: sheet.model.rowCount() == 1)
    sheet.allowed.emit(sheet.model.rows[0])


async def _bounce(play: Play, at: Numbers) -> None:
    bounced = {"task_id": at["sent"], "code": 550, "enhanced": "5.1.1", "said": "no such user"}
    play.program.rooms.listed.bounces.confirmed.emit([bounced])


def _set(call: Callable[[Any, Numbers], object]) -> Callable[[Play, Numbers], object]:
    """Have a second window set by hand what was before."""
    return lambda second, at: call(second.api, at)


def _off_list(api: Any, at: Numbers) -> None:
    entries = [each["entry_id"] for each in api.do_not_send.page()["entries"]]
    api.do_not_send.allow([each for each in entries if each != at["entry"]])


UNDONE: Final[Mapping[str, Undone]] = {
    "Submit": Undone(_submit, "31", "submit"),
    "Cancel": Undone(_task("cancel", "scheduled"), "Cancel · ", "cancel"),
    "Cancel, all of a filter": Undone(_cancel_all, "Cancel · ", "cancel"),
    "Retry": Undone(_task("retry", "fails"), "Retry · ", "retry"),
    "Try now": Undone(_task("try_now", "later"), "Try now · ", "retry"),
    "Send": Undone(_task("send", "kept"), "Send · ", "retry"),
    "Send again": Undone(_task("resend", "sent"), "Send again · ", "resend"),
    "Send to me": Undone(_task("to_me", "sent"), "Send ", "resend"),
    "Run again": Undone(_asked("again", "doubt", "Run again"), "Run again · ", "again"),
    "Run now": Undone(_task("run_now", "scheduled"), "Run now · ", "run_now"),
    "Run anyway": Undone(_task("run_anyway", "held back"), "Run now · ", "run_anyway"),
    "It was done": Undone(_task("done", "doubt"), "Mark as done", "done"),
    "Remove": Undone(_task("remove", "fine"), "Remove · ", "remove"),
    "Cancel the rest": Undone(_batch("cancel", "limited"), "Cancel · the rest", "cancel"),
    "Delete draft": Undone(_batch("delete", "draft"), "the draft", "delete"),
    "Retry n of a batch": Undone(_batch("retry", "failed batch"), "Send again · ", "retry"),
    "Correct and send": Undone(_correct, "corrected", "correct", stays="items"),
    "Send n of an import": Undone(_start, "e-mail", "start"),
    "Leave it": Undone(
        _task("seen", "fails"),
        "Mark as seen",
        back=_set(lambda api, at: api.change_task(at["fails"], {"seen": False})),
        undo_says=True,
    ),
    "Leave all of a filter": Undone(
        _leave_failed,
        "Mark as seen · 2",
        back=_set(
            lambda api, at: [api.change_task(at[e], {"seen": False}) for e in ("fails", "left too")]
        ),
        undo_says=True,
    ),
    "Change time": Undone(
        _change_time,
        "starts ",
        back=_set(lambda api, at: api.change_task(at["scheduled"], {"run_at": FAR})),
    ),
    "Change time of a batch": Undone(
        _put_off,
        "planned.csv · ",
        back=_set(lambda api, at: api.batches.put_off(at["planned"], FAR)),
    ),
    "Change limit": Undone(
        _limit,
        "limited.csv · ",
        back=_set(lambda api, at: api.batches.limit(at["limited"], "1/day")),
    ),
    "Do not send: add": Undone(_list, "is on the list now", back=_set(_off_list)),
    "Do not send: take off": Undone(
        _take_off,
        "off@example.org is off",
        back=_set(lambda api, at: api.do_not_send.allow([at["entry"]], again=False)),
    ),
    "Mark as bounced": Undone(
        _bounce,
        "marked as bounced",
        back=_set(
            lambda api, at: api.do_not_send.mark_bounced(
                [{"task_id": at["sent"], "code": None, "enhanced": None, "said": ""}],
                bounced=False,
            )
        ),
    ),
}
"""What the window can undo. Pause and Resume undo each other."""


def test_each_verb_that_can_wait_is_in_the_table() -> None:
    made_on_the_page = {"run"}
    marks = {"seen", "unseen"}
    waiting = {*get_args(BulkAction), *UNDOABLE, *WITH_GRACE} - made_on_the_page - marks
    assert {each.verb for each in UNDONE.values()} - {""} == waiting


KEPT: Final = {
    "tasks": ("id", "state", "reason", "run_at", "seen"),
    "items": ("item_id", "recipient", "informed"),
    "batches": ("batch_id", "state", "run_at", "rate"),
    "list": ("address",),
    "waiting": ("id",),
}
"""What verbs change."""


def stored(play: Play, without: str) -> dict[str, Any]:
    """Read what verbs change; an e-mail that is not sent after all is cancelled."""
    api = play.api
    found: dict[str, Any] = {
        "tasks": [
            each for each in api.page(SortedFilter())["tasks"] if each["state"] != "cancelled"
        ],
        "items": api.items.page(ItemQuery())["items"],
        "batches": api.batches.page()["batches"],
        "list": api.do_not_send.page()["entries"],
        "waiting": api.actions.pending(),
    }
    return {
        name: [{key: each[key] for key in KEPT[name]} for each in rows]
        for name, rows in found.items()
        if name != without
    }


async def all_kinds(play: Play, data: OfficeFolder, server: Server, folder: Path) -> Numbers:
    """Have a task for each verb, and batches."""
    at, api = Numbers(), play.api

    async def added(name: str, state: str, reason: str | None = None) -> None:
        def is_there() -> bool:
            tasks = api.page(SortedFilter())["tasks"]
            new = [each for each in tasks if each["id"] not in at.values()]
            return [
                (each["state"], each["reason"] == (reason or each["reason"])) for each in new
            ] == [(state, True)]

        await play.until(is_there)
        (at[name],) = {each["id"] for each in api.page(SortedFilter())["tasks"]} - {*at.values()}

    play.submit("Ada", "1")
    await added("kept", "succeeded")
    at_once = WindowSettings(grace_seconds=0.0)
    save(data.settings_file, Settings(mail=server.settings(), window=at_once))
    await play.until(lambda: play.program.rooms.tasks.verbs.pending.delivery.is_real)
    play.submit("Bo", "2")
    await added("sent", "succeeded")
    server.refuse = lambda _: "550 5.1.1 no such user"
    play.submit("Cy", "3")
    await added("refused", "failed")
    for name, more in (("failed batch", {}), ("held back", {"rate": "1/day"})):
        number = bring(play, folder / f"{name}.csv", 1, name[0], **more)
        api.batches.start(number, new_key())
        await added(f"row of {name}", "failed")
        at[name] = number
    server.refuse = lambda _: None
    at["held back"] = at.pop("row of held back")
    api.actions.act("retry", [at["held back"]], None, key=new_key())
    await play.until(lambda: api.task(at["held back"])["reason"] == "batch_limit")
    for name, state in OWN_TASKS.items():
        post(api, "/tasks", [{"task": name}])
        await added(name, state)
    for name in ("left too", "left before"):
        post(api, "/tasks", [{"task": "fails"}])
        await added(name, "failed")
    api.change_task(at["left before"], {"seen": True})
    post(api, "/tasks", [{"task": "fine", "run_at": FAR}])
    await added("scheduled", "scheduled")
    at["limited"] = bring(play, folder / "limited.csv", 3, "l", rate="1/day")
    api.batches.start(at["limited"], new_key())
    await added("row of limited", "succeeded")
    at["planned"] = bring(play, folder / "planned.csv", 1, "p", run_at=FAR)
    api.batches.start(at["planned"], new_key())
    at["draft"] = bring(play, folder / "draft.csv", 1, "d")
    api.do_not_send.add([{"address": "off@example.org"}], ListOrigin.PERSON)
    (at["entry"],) = [each["entry_id"] for each in api.do_not_send.page()["entries"]]
    return at


async def take_back(way: str, row: Undone, at: Numbers, play: Play, second: Play) -> None:
    """Undo what the newest note of the first window offers."""
    note = play.window.notes.front
    assert note is not None
    assert note.offers_undo
    over = QApplication.activeModalWidget()
    if way == "key":
        place = play.window.page.table if over is None else over
        place.activateWindow()
        await play.until(place.isActiveWindow)
        place.setFocus()
        QTest.keySequence(place, QKeySequence("Ctrl+Z"))
    elif way == "link":
        press(over.undo if isinstance(over, ListDialog) else note.link)
    elif row.back is not None:
        await asyncio.to_thread(row.back, second, at)
    else:
        waiting = second.program.rooms.tasks.verbs.pending.actions
        await second.until(lambda: waiting)
        if row.verb not in UNDOABLE:  # its row shows what the other window did at once
            told = second.window.notes.front
            assert told is not None
            assert told.offers_undo
        second.window.page.table.action_chosen.emit("undo", [*waiting])


async def is_undone(way: str, row: Undone, at: Numbers, play: Play, second: Play) -> None:
    """Carry out a verb, and take it back: all is as before."""
    before, said = stored(play, row.stays), play.hear_notes()
    await row.do(play, at)
    await play.until(lambda: any(row.says in each for each in said))
    waiting = [each for each in play.api.actions.pending() if each["due_in"] > GRACE_S / 2]
    assert [each["action"] for each in waiting] == [row.verb] * bool(row.verb)
    assert row.stays or stored(play, "") != before
    told = len(said)
    await take_back(way, row, at, play, second)
    await play.until(lambda: stored(play, row.stays) == before)
    await play.until(lambda: not play.program.jobs.under_way)
    if row.undo_says and way != "second window":
        await play.until(lambda: len(said) > told)
    if row.verb:  # also where another window took it back
        await play.until(lambda: not any(e.offers_undo for e in play.window.notes.shown))
    play.window.dialogs.close_all()
    play.window.form.clear()
    for note in play.window.notes.shown:
        note.close()


async def undo_all(
    play: Play, app: QApplication, data: OfficeFolder, server: Server, folder: Path, way: str
) -> None:
    at = await all_kinds(play, data, server, folder)
    play.program.rooms.services.grace.seconds = GRACE_S
    async with second_window(play, app, folder / "second") as second:
        for name, row in UNDONE.items():
            try:
                await is_undone(way, row, at, play, second)
            except (AssertionError, TimeoutError) as error:
                error.add_note(f"The verb was: {name}")
                raise


@pytest.mark.parametrize("way", ["key", "link", "second window"])
def test_each_verb_is_undone(
    perform: Perform, qapp: QApplication, data: OfficeFolder, tmp_path: Path, way: str
) -> None:
    (data.tasks / "own.py").write_text(OWN)
    with running() as server:
        perform(partial(undo_all, app=qapp, data=data, server=server, folder=tmp_path, way=way))
