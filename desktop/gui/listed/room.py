"""Joins the list *Do not send* and returned e-mails with the window."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from desktop.contract.batches import BatchState
from desktop.contract.do_not_send import SEND_ANYWAY, ListOrigin
from desktop.contract.items import CONFIRMATION
from desktop.contract.rules.mailbox import written_address
from desktop.gui.frame.notices.bars import DISMISS, BarText
from desktop.gui.frame.notices.toasts import LEGIBLE_S
from desktop.gui.kit.widgets.files import FileDrops, file_dialog
from desktop.gui.kit.words.do_not_send import helped_words
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from sendoff_tasks.client.calls import new_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import BatchesEvent
    from desktop.contract.do_not_send import (
        AddedEntries,
        BouncedTask,
        ListEntry,
        NewListEntry,
        RefusedAddress,
    )
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.listed.adding import AddSheet, RefusedSheet
    from desktop.gui.listed.bounces import BouncesSheet
    from desktop.gui.listed.list_sheet import ListSheet
    from desktop.gui.tasks.acting.task_actions import Wish
    from desktop.gui.tasks.room import TasksRoom

REFUSED: Final = "refused addresses"
ADD: Final = "add"
ASKED: Final = "listed address"
KEEP: Final = "keep"
AFTER_ALL: Final = "after all"
QUIET_MS: Final = 1500
"""Milliseconds after a batch has ended until refused addresses are looked for."""


SENDS_AGAIN: Final[tuple[Wish, ...]] = ("resend", "retry", "send")


class ListedRoom(QObject):
    """Opens the list and what adds to it; offers refused addresses after a mail-out."""

    def __init__(self, window: MainWindow, services: RoomServices) -> None:
        super().__init__(window)
        self._window, self._services = window, services
        self._ask = Asker(services.source, window.toasts.warn)
        self._looking = LatestRequest(services.source, lambda _: None)
        self._refused: list[RefusedAddress] = []
        self._reading = LatestRequest(services.source, self._on_unread)
        self._pause = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._pause.timeout.connect(self.look)
        window.menu.list_chosen.connect(self.open)
        if window.rights.may_change:
            window.mails_dropped.connect(self.take_mails)

    def follow(self, tasks: TasksRoom) -> None:
        """Look for refused addresses after each mail-out; ask before e-mails are sent again."""
        for wish in SENDS_AGAIN:
            tasks.wishes.ask_first(wish, self.ask_first)
        self._services.link.ready.connect(self._pause.start)
        self._services.live.batches_changed.connect(self._on_batches)

    @cached_property
    def sheet(self) -> ListSheet:
        """The list, made when first needed."""
        from desktop.gui.listed.list_sheet import ListSheet

        may_change = self._window.rights.may_change
        made = partial(ListSheet, self._services.source, may_change=may_change)
        sheet = self._window.sheets.make(made)
        sheet.allowed.connect(self._on_allow)
        FileDrops(sheet, self.tr("Drop to add its addresses"), self._take_dropped)
        sheet.add_chosen.connect(lambda: self.adding.ask_one())
        sheet.file_chosen.connect(self._choose_file)
        self._services.live.was_reset.connect(self._reload)
        return sheet

    @cached_property
    def adding(self) -> AddSheet:
        """The sheet that asks what to add."""
        from desktop.gui.listed.adding import AddSheet

        sheet = self._window.sheets.make(AddSheet)
        sheet.answered.connect(self._on_answered)
        return sheet

    @cached_property
    def refused(self) -> RefusedSheet:
        """The sheet of refused addresses."""
        from desktop.gui.listed.adding import RefusedSheet

        sheet = self._window.sheets.make(RefusedSheet)
        sheet.added.connect(self._on_refused_added)
        sheet.dismissed.connect(self._dismiss)
        return sheet

    @cached_property
    def bounces(self) -> BouncesSheet:
        """The sheet of returned e-mails."""
        from desktop.gui.listed.bounces import BouncesSheet

        sheet = self._window.sheets.make(BouncesSheet)
        sheet.marked.connect(self._on_mark)
        sheet.closed.connect(self._reading.drop)
        return sheet

    def open(self) -> None:
        """Open the list."""
        self.sheet.open()
        self.look()

    def _reload(self) -> None:
        if "sheet" in self.__dict__ and self.sheet.isVisible():
            self.sheet.load()

    # adding and allowing

    def _choose_file(self) -> None:
        dialog = file_dialog(self._window, self.tr("Choose a list of addresses"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.take_file(Path(path)))
        dialog.open()

    def _take_dropped(self, paths: list[str]) -> None:
        if self._window.rights.may_change:
            self.take_file(Path(paths[0]))

    def take_file(self, path: Path) -> None:
        """Read the addresses of a file, and ask why they go onto the list."""
        from desktop.sheets import addresses_in

        def ask(found: list[str]) -> None:
            if found:
                self.adding.ask_file(found, path.name)
            else:
                words = self.tr("{} has no e-mail address")
                self._window.toasts.warn(words.format(path.name))

        job = Job(addresses_in, path).then(ask)
        warn = self._window.toasts.warn
        self._services.source.jobs.start(job.otherwise(lambda e: warn(error_sentence(e))))

    def _on_answered(self) -> None:
        sheet = self.adding
        self._add(sheet.entries(), sheet.origin, sheet.show_failure)

    def _on_refused_added(self, chosen: Sequence[RefusedAddress]) -> None:
        entries: list[Any] = [
            {name: each[name] for name in ("address", "reason", "source")} for each in chosen
        ]
        self._add(entries, ListOrigin.SERVER)

    def _add(self, entries: list[NewListEntry], origin: ListOrigin, failed: Any = None) -> None:
        def job(api: Any) -> Job[AddedEntries]:
            return Job(api.do_not_send.add, entries, origin).then(self._on_added)

        self._ask(job, failed)

    def _on_added(self, told: AddedEntries) -> None:
        if "adding" in self.__dict__:
            self.adding.close()
        said = self.tr("%Ln addresses are on the list now", None, len(told["added"]))
        if told["known"]:
            said += " · " + self.tr("%Ln were on it before", None, told["known"])
        self._say(said, partial(self._allow, told["added"]) if told["added"] else None)

    def _on_allow(self, entry: ListEntry) -> None:
        number = entry["entry_id"]
        said = self.tr("{} is off the list").format(entry["address"] or self.tr("The person"))
        back = partial(self._allow, [number], again=False)
        self._allow([number], then=partial(self._say, said, back))

    def _allow(self, entries: list[int], *, again: bool = True, then: Any = None) -> None:
        def done(_: object) -> None:
            self._changed()
            if then is not None:
                then()

        self._ask(lambda api: Job(api.do_not_send.allow, entries, again=again).then(done))

    def _say(self, words: str, undo: Any) -> None:
        action = self.tr("Undo") if undo is not None else ""
        toasts = self._window.toasts
        toasts.show(words, seconds=LEGIBLE_S, action=action, chosen=undo, icon="check")
        self._changed()

    def _changed(self) -> None:
        self._reload()
        self.look()

    # refused addresses

    def _on_batches(self, event: BatchesEvent) -> None:
        if any(batch["state"] == BatchState.DONE for batch in event["rows"]):
            self._pause.start()

    def look(self) -> None:
        """Look for refused addresses that may be added."""
        self._pause.stop()
        self._looking.ask(lambda api: Job(api.do_not_send.refused).then(self._on_refused))

    def _on_refused(self, refused: list[RefusedAddress]) -> None:
        self._refused = refused
        count = len(refused)
        if not count or not self._window.rights.may_change:
            self._window.notices.take_back(REFUSED)
            return
        words = self.tr("%Ln addresses were refused for good.", None, count)
        ways = ((ADD, self.tr("Add these %Ln…", None, count)),)
        bar = BarText("info", words, ways, dismissible=True)
        self._window.notices.say(REFUSED, bar, self._on_offer)

    def _on_offer(self, action: str) -> None:
        if action == ADD:
            self._show_refused()
        elif action == DISMISS:
            self._dismiss([each["address"] for each in self._refused])

    def _show_refused(self) -> None:
        self.refused.show_refused(self._refused)

    def _dismiss(self, addresses: list[str]) -> None:
        self._ask(
            lambda api: Job(api.do_not_send.dismiss, addresses).then(lambda _: self._changed())
        )

    # sending again

    def ask_first(self, task: int, go_on: Callable[[], None]) -> None:
        """Ask before an e-mail is sent again to an address that is on the list by now."""

        def asked(found: tuple[ListEntry, int] | None) -> None:
            if found is None:
                go_on()
            else:
                self._ask_after_all(*found)

        look = partial(_listed_again, task=task)
        self._ask(lambda api: Job(look, api).then(asked), lambda _: go_on())

    def _ask_after_all(self, entry: ListEntry, item: int) -> None:
        notices = self._window.notices
        ways = (KEEP, self.tr("Do not send")), (AFTER_ALL, self.tr("Send after all"))
        bar = BarText("warning", helped_words(entry), ways, refusal=KEEP)

        def answer(action: str) -> None:
            notices.take_back(ASKED)
            if action == AFTER_ALL:
                send = partial(_send_after_all, number=item, key=new_key())
                self._ask(lambda api: Job(send, api).then(lambda _: None))

        notices.say(ASKED, bar, answer)
        notices.focus(ASKED)

    # returned e-mails

    def take_mails(self, paths: list[str]) -> None:
        """Show what came back in dropped files."""
        from desktop.gui.listed.bounces import read_bounces

        self.bounces.open()
        self.bounces.show_reading()
        read = partial(read_bounces, paths=paths)
        self._reading.ask(lambda api: Job(read, api).then(self.bounces.show_found))

    def _on_unread(self, error: Exception) -> None:
        self.bounces.show_failure(error_sentence(error))

    def _on_mark(self, chosen: list[BouncedTask]) -> None:
        def done(tasks: list[int]) -> None:
            said = self.tr("%Ln e-mails are marked as bounced", None, len(tasks))
            self._say(said, partial(self._unmark, tasks) if tasks else None)

        self._ask(lambda api: Job(api.do_not_send.mark_bounced, chosen).then(done))

    def _unmark(self, tasks: list[int]) -> None:
        self._ask(
            lambda api: Job(api.do_not_send.unmark_bounced, tasks).then(lambda _: self._changed())
        )


def _listed_again(api: Api, *, task: int) -> tuple[ListEntry, int] | None:
    """Return the entry that stops the repeat of a message, and its item; ``None`` without one."""
    row = api.task(task)
    to = written_address(row["next_to"] or row["to"] or "")
    if row["item_id"] is None or not to or row["task"] != CONFIRMATION:
        return None
    (found,) = api.do_not_send.check([to])
    if found["entry"] is None or api.items.one(row["item_id"])["item"].get(SEND_ANYWAY):
        return None
    return found["entry"], row["item_id"]


def _send_after_all(api: Api, *, number: int, key: str) -> None:
    """Lift the list for an item, and send its message."""
    item = api.items.one(number)["item"]
    api.items.correct(number, {**item, "send_anyway": True}, key, send=True)
