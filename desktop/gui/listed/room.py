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
from desktop.gui.frame.cases import CaseFact
from desktop.gui.kit.widgets.files import FileDrops, choose_files
from desktop.gui.kit.widgets.questions import ask
from desktop.gui.kit.words.do_not_send import listed_words
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import Api
    from desktop.client.do_not_send import DoNotSendCalls
    from desktop.contract.batches import BatchesEvent
    from desktop.contract.do_not_send import (
        AddedEntries,
        BouncedTask,
        ListEntry,
        NewListEntry,
        RefusedAddress,
    )
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.listed.adding import AddDialog
    from desktop.gui.listed.found_dialog import FoundDialog, ReturnedFiles
    from desktop.gui.listed.list_dialog import ListDialog
    from desktop.gui.tasks.acting.task_actions import WishedVerb
    from desktop.gui.tasks.room import TasksRoom
    from desktop.sheets.calls import ListFile

REFUSED: Final = "refused"
QUIET_MS: Final = 1500
"""Milliseconds after a batch has ended until refused addresses are looked for."""


SENDS_AGAIN: Final[tuple[WishedVerb, ...]] = ("resend", "retry", "send")


class ListedRoom(QObject):
    """Opens the list and what adds to it; offers refused addresses after a mail-out."""

    def __init__(self, window: MainWindow, services: RoomServices) -> None:
        super().__init__(window)
        self._window, self._services = window, services
        self._ask = Asker(services.source, window.notes.warn)
        self._looking = LatestRequest(services.source, lambda _: None)
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
    def dialog(self) -> ListDialog:
        """The list, made when first needed."""
        from desktop.gui.listed.list_dialog import ListDialog

        may_change = self._window.rights.may_change
        made = partial(ListDialog, self._services.source, may_change=may_change)
        dialog = self._window.dialogs.make(made)
        dialog.allowed.connect(self._on_allow)
        FileDrops(dialog, self.tr("Drop to add its addresses"), self._take_dropped)
        dialog.add_chosen.connect(lambda: self.adding.ask_one())
        dialog.file_chosen.connect(self._choose_file)
        self._services.live.was_reset.connect(self._reload)
        return dialog

    @cached_property
    def adding(self) -> AddDialog:
        """The dialog that asks what to add, over the list."""
        from desktop.gui.listed.adding import AddDialog

        dialog = self._window.dialogs.make(AddDialog, self.dialog)
        dialog.answered.connect(self._on_answered)
        return dialog

    @cached_property
    def refused(self) -> FoundDialog:
        """The dialog of refused addresses."""
        from desktop.gui.listed.found_dialog import FoundDialog

        title, add = self.tr("Refused for good"), lambda n: self.tr("Add %Ln", None, n)
        dialog = self._window.dialogs.make(partial(FoundDialog, title, add))
        dialog.confirmed.connect(lambda chosen: self._add(_entries(chosen), ListOrigin.SERVER))
        return dialog

    @cached_property
    def bounces(self) -> FoundDialog:
        """The dialog of returned e-mails."""
        from desktop.gui.listed.found_dialog import FoundDialog

        title, mark = self.tr("Returned e-mails"), lambda n: self.tr("Mark %Ln as bounced", None, n)
        dialog = self._window.dialogs.make(partial(FoundDialog, title, mark))
        dialog.confirmed.connect(self._on_mark)
        dialog.closed.connect(self._reading.drop)
        return dialog

    def open(self) -> None:
        """Open the list."""
        self.dialog.open()
        self.look()

    @property
    def _is_open(self) -> bool:
        return "dialog" in self.__dict__ and self.dialog.isVisible()

    def _reload(self) -> None:
        if self._is_open:
            self.dialog.load()

    def _tell(self, note: WindowNote) -> None:
        """Say in the open list what a note says."""
        if self._is_open:
            self.dialog.repeat(note)

    def _warn(self, trouble: str) -> None:
        self._tell(self._window.notes.warn(trouble))

    def _change(
        self, call: Callable[[DoNotSendCalls], Any], said: Any = None, failed: Any = None
    ) -> None:
        """Change something; ``said`` gets the answer and returns words and an undo."""

        def done(answer: Any) -> None:
            if said is not None:
                words, undo = said(answer)
                if undo is None:
                    self._tell(self._window.notes.show(words, icon="check"))
                else:
                    self._tell(self._window.notes.offer_undo(words, undo, icon="check"))
            self._reload()
            self.look()

        about = None if failed is None else self.adding
        wish = Wish(lambda api, _: call(api.do_not_send), about=about)
        self._services.outbox.put(wish, done, failed, failed)

    # adding, and taking off

    def _choose_file(self) -> None:
        mode, title = QFileDialog.FileMode.ExistingFile, self.tr("Choose a list of addresses")
        choose_files(self.dialog, title, lambda paths: self.take_file(Path(paths[0])), mode)

    def _take_dropped(self, paths: list[str]) -> None:
        if len(paths) > 1:
            self._tell(self._window.notes.show(say("import", "one_file"), icon="info"))
        elif self._window.rights.may_change:
            self.take_file(Path(paths[0]))

    def take_file(self, path: Path) -> None:
        """Read the addresses of a file, and ask why they go onto the list."""
        from desktop.gui.listed.adding import untaken
        from desktop.sheets.calls import list_entries

        def ask(found: ListFile) -> None:
            if found.entries:
                self.adding.ask_file(found, path.name)
            else:
                none = say("do_not_send", "no_address", file=path.name)
                self._warn("\n".join(filter(None, (none, untaken(found.others)))))

        failed = (
            Job(list_entries, path)
            .then(ask)
            .otherwise(lambda error: self._warn(error_sentence(error)))
        )
        self._services.source.jobs.start(failed)

    def _on_answered(self) -> None:
        asked = self.adding
        self._add(asked.entries(), asked.origin, asked.show_failure)

    def _add(self, entries: list[NewListEntry], origin: ListOrigin, failed: Any = None) -> None:
        def said(told: AddedEntries) -> tuple[str, Any]:
            if "adding" in self.__dict__:
                self.adding.close()
            words = say("list_change", "added", n=len(told["added"]))
            if told["known"]:
                words += " · " + say("list_change", "before", n=told["known"])
            return words, partial(self._allow, told["added"]) if told["added"] else None

        self._change(lambda calls: calls.add(entries, origin), said, failed)

    def _on_allow(self, entry: ListEntry) -> None:
        address = entry["address"] or ""
        words = say("list_change", "off" if address else "person_off", address=address)
        numbers = [entry["entry_id"]]
        self._allow(numbers, said=lambda _: (words, partial(self._allow, numbers, again=False)))

    def _allow(self, entries: list[int], *, again: bool = True, said: Any = None) -> None:
        self._change(lambda calls: calls.allow(entries, again=again), said)

    # refused addresses

    def _on_batches(self, event: BatchesEvent) -> None:
        if any(batch["state"] == BatchState.DONE for batch in event["rows"]):
            self._pause.start()

    def look(self) -> None:
        """Look for refused addresses that may be added."""
        self._pause.stop()
        self._looking.ask(lambda api: Job(api.do_not_send.refused).then(self._on_refused))

    def _on_refused(self, refused: list[RefusedAddress]) -> None:
        if not refused or not self._window.rights.may_change:
            self._window.cases.take_back(REFUSED)
            return

        def add(_: str) -> None:
            from desktop.gui.listed.found_dialog import refused_rows

            words = say("list_change", "refused_about")
            self.refused.show_rows(words, refused_rows(refused))

        def put_away(_: str) -> None:
            entries = _entries(refused)
            self._change(lambda calls: calls.add(entries, ListOrigin.SERVER, allowed=True))

        self._window.cases.tell(CaseFact(REFUSED, len(refused)))
        self._window.cases.lead("add_refused", add)
        self._window.cases.on_put_away(REFUSED, put_away)

    # sending again

    def ask_first(self, task: int, go_on: Callable[[], None]) -> None:
        """Ask before an e-mail is sent again to an address that is on the list by now."""

        def asked(found: tuple[ListEntry, int] | None) -> None:
            if found is None:
                go_on()
                return
            entry, item = found
            wish = Wish(partial(_send_after_all, number=item))
            send = partial(self._services.outbox.put, wish)
            answer = self.tr("Send after all"), send
            ask(self._window, listed_words(entry), self.tr("Do not send"), answer)

        look = partial(_listed_again, task=task)
        self._ask(lambda api: Job(look, api).then(asked), lambda _: go_on())

    # returned e-mails

    def take_mails(self, paths: list[str]) -> None:
        """Show what came back in dropped files."""
        from desktop.gui.listed.found_dialog import bounce_rows, read_bounces

        def show(read: ReturnedFiles) -> None:
            rows, trouble = bounce_rows(read), [*read.unread]
            asked = sum(bool(row["choices"]) for row in rows)
            others = sum(file["others"] for file in read.files)
            unread = sum(file["unread"] for file in read.files)
            said = [say("bounces", "came_back", n=len(rows))] if read.files else []
            if asked:
                said.append(say("bounces", "uncertain", n=asked))
            if others:
                said.append(say("bounces", "others", n=others))
            if unread:
                trouble.append(say("bounces", "unread", n=unread))
            self.bounces.show_rows(" ".join(said), rows, "\n".join(trouble))

        self.bounces.show_rows(say("bounces", "reading"))
        self._reading.ask(lambda api: Job(partial(read_bounces, paths=paths), api).then(show))

    def _on_unread(self, error: Exception) -> None:
        self.bounces.show_rows("", trouble=error_sentence(error))

    def _on_mark(self, chosen: list[BouncedTask]) -> None:
        def said(tasks: list[int]) -> tuple[str, Any]:
            marked = [each for each in chosen if each["task_id"] in tasks]
            undo = partial(self._change, lambda calls: calls.mark_bounced(marked, bounced=False))
            words = say("bounces", "marked", n=len(tasks))
            return words, undo if tasks else None

        self._change(lambda calls: calls.mark_bounced(chosen), said)


def _entries(refused: Sequence[RefusedAddress]) -> list[NewListEntry]:
    """Return the entries with which refused addresses are added."""
    return [
        {"address": each["address"], "reason": each["reason"], "source": each["source"]}
        for each in refused
    ]


def _listed_again(api: Api, *, task: int) -> tuple[ListEntry, int] | None:
    """Return the entry that stops the repeat of a message, and its item; ``None`` without one.

    A copy to another address is not asked about: sending it after all would go to the recipient.
    """
    row = api.task(task)
    to = written_address(row["next_to"] or row["to"] or "")
    is_own = row["task"] == CONFIRMATION and row["addressee"] is None
    if row["item_id"] is None or not to or not is_own:
        return None
    (found,) = api.do_not_send.check([to])
    if found["entry"] is None or api.items.one(row["item_id"])["item"].get(SEND_ANYWAY):
        return None
    return found["entry"], row["item_id"]


def _send_after_all(api: Api, key: str, *, number: int) -> None:
    """Lift the list for an item, and send its message."""
    item = api.items.one(number)["item"]
    api.items.correct(number, {**item, "send_anyway": True}, key, send=True)
