"""The verbs of the list *Do not send*, and how often it has helped."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from threading import Event
from typing import Final

from desktop.contract.do_not_send import (
    DO_NOT_SEND,
    AddedEntries,
    ListOrigin,
    ListReason,
    NewListEntry,
    one_form,
)
from desktop.contract.rules.mailbox import written_address
from desktop.items.reads.do_not_send import SECRET, ListRecord, listed, named
from desktop.items.tables.schema import do_not_send
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.folder.keys import fingerprint, new_secret
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.store.tables.cursor import Source, put_rows
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.store.tables.statements import META, PUT_META
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.parts import Watcher

_LAST: Final = "SELECT coalesce(max(id), 0) FROM do_not_send"
_ANY: Final = "SELECT 1 FROM do_not_send LIMIT 1"
_PUT: Final = put_rows(do_not_send)
_DELETE: Final = "DELETE FROM do_not_send WHERE id = ?"
_SOME: Final = "SELECT * FROM do_not_send WHERE id IN (SELECT value FROM json_each(?))"
_COUNT: Final = "UPDATE do_not_send SET left_out = left_out + ? WHERE id = ?"


def add(
    group: Group, entries: Sequence[NewListEntry], origin: ListOrigin, *, allowed: bool = False
) -> AddedEntries:
    """Put addresses on the list; one that is on it stays as it is.

    Those that are ``allowed`` may be written to, and are only not offered any more.
    """
    wanted = {one_form(each["address"]): each for each in entries}
    stopped, known = listed(group.cursor, wanted), named(group.cursor, [*wanted])
    new = {
        form: each
        for form, each in wanted.items()
        if not (stop := stopped.get(form)) or (stop.entry["address"] not in {None, form})
    }
    (last,) = group.cursor.execute(_LAST).fetchone()
    added: list[ListRecord] = []
    for number, (form, each) in enumerate(new.items(), last + 1):
        reason, note = each.get("reason", ListReason.ASKED), each.get("note", "")
        there, source = known.get(form), each.get("source", "")
        own, count = (number, 0) if there is None else (there.id, there.left_out)
        at = group.now if allowed else None
        added.append(ListRecord(own, form, reason, note, origin, source, group.now, count, at))
    group.part(LeftOut).in_use.set()  # before the COMMIT: a message that is on its way looks
    group.cursor.executemany(_PUT, added)
    group.all_changed()
    return AddedEntries(added=[each.id for each in added], known=len(wanted) - len(added))


def allow(group: Group, entries: Collection[int], *, again: bool = True) -> None:
    """Take entries from the list, or put them back as they were; raise ``UnknownId``."""
    rows = group.cursor.execute(_SOME, (json.dumps([*entries]),)).fetchall()
    found = {row[0]: ListRecord(*row) for row in rows}
    for number in entries:
        if number not in found:
            raise UnknownId("entry", number)
    at = group.now if again else None
    group.cursor.executemany(_PUT, [each._replace(allowed_at=at) for each in found.values()])
    group.all_changed()


def forget_address(group: Group, form: str, *, keep: bool) -> None:
    """Leave nothing of an address on the list; with ``keep`` its fingerprint stops e-mails."""
    for each in named(group.cursor, [form]).values():
        group.cursor.execute(_DELETE, (each.id,))
    if keep:
        group.part(LeftOut).in_use.set()
        (last,) = group.cursor.execute(_LAST).fetchone()
        name, reason = fingerprint(_secret(group), form), ListReason.FORGOTTEN
        told = ListRecord(last + 1, name, reason, "", ListOrigin.FORGET, "", group.now, 0, None)
        there = named(group.cursor, [name]).get(name)
        group.cursor.execute(_PUT, told if there is None else there._replace(allowed_at=None))
    group.all_changed()


def _secret(group: Group) -> str:
    """Return the secret of this store, made when it is first needed."""
    found = group.cursor.execute(META, (SECRET,)).fetchone()
    if found is not None:
        return str(found[0])
    made = new_secret()
    group.cursor.execute(PUT_META, (SECRET, made))
    return made


def count_left_out(group: Group, entry: int, messages: int = 1) -> None:
    """Count e-mails that an entry has stopped."""
    group.cursor.execute(_COUNT, (messages, entry))


def mark_of(record: TaskRecord) -> str | None:
    """Return a cancelled task's own word for why it cancelled itself, if it has one."""
    if record.reason != Reason.CANCELLED_BY_TASK:
        return None
    mark: str | None = json.loads(record.reason_data or "{}").get("mark")
    return mark


class LeftOut(Watcher):
    """The messages that tasks of a group did not send because of the list.

    ``in_use`` is set as soon as the list may have an entry: nothing is looked up before.
    """

    of_subjects = True

    def __init__(self, in_use: Event) -> None:
        self.in_use = in_use
        self.to: list[str] = []
        self.collected = (self.to,)

    def load(self, source: Source) -> None:
        """Look for a first entry."""
        if source.execute(_ANY).fetchone() is not None:
            self.in_use.set()

    def moved(self, record: TaskRecord, before: str) -> None:
        """Note a task that cancelled itself for that."""
        if mark_of(record) == DO_NOT_SEND:
            self.to.append(written_address(record.recipient))

    def write(self, group: Group) -> None:
        """Count them."""
        for entry in listed(group.cursor, self.to).values() if self.to else ():
            count_left_out(group, entry.id)
        self.to.clear()
