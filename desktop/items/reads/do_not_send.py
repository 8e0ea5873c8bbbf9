"""Reads of the list *Do not send*: its pages, what it stops, and what may be added."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from desktop.contract import do_not_send
from desktop.contract.office import OfficeReason
from desktop.contract.rules.mailbox import written_address
from sendoff_tasks.folder.keys import fingerprint
from sendoff_tasks.model.times import DAY_MS, wire_time
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.statements import META

SECRET: Final = "do_not_send_key"  # noqa: S105 - a name
"""The key in ``meta`` of the secret with which forgotten addresses are made fingerprints."""
OFFERED_MS: Final = 30 * DAY_MS
"""For so long after a message was refused, its address may be put on the list."""
_HASH: Final = "#"


class ListRecord(NamedTuple):
    """One row of ``do_not_send``, in the table's order; times are epoch ms."""

    id: int
    address: str
    reason: str
    note: str
    origin: str
    source: str
    at: int
    left_out: int
    allowed_at: int | None

    @property
    def is_domain(self) -> bool:
        """Whether it stops all addresses of a domain."""
        return self.address.startswith("@")

    @property
    def entry(self) -> do_not_send.ListEntry:
        """The entry as the API writes it."""
        return do_not_send.ListEntry(
            entry_id=self.id,
            address=None if self.address.startswith(_HASH) else self.address,
            reason=self.reason,
            note=self.note,
            origin=self.origin,
            source=self.source,
            since=wire_time(self.at),
            left_out=self.left_out,
        )


_NAMED: Final = "SELECT * FROM do_not_send WHERE address IN (SELECT atom FROM json_each(?))"
_MATCHING: Final = (
    "FROM do_not_send WHERE allowed_at IS NULL AND (instr(address, ?) = 1 OR instr(address, ?) > 0)"
)
_PAGE: Final = f"SELECT * {_MATCHING} AND id < ? ORDER BY id DESC LIMIT ?"
_COUNT: Final = f"SELECT count(*) {_MATCHING}"
_REFUSED: Final = """
SELECT t.id, t.recipient, c.about, NULL FROM causes AS c JOIN tasks AS t ON t.cause = c.id
WHERE t.state = 'failed' AND t.finished_at > ? AND t.reference IS NOT NULL
"""
_BOUNCED: Final = f"""
SELECT id, recipient, NULL, reason_data FROM tasks
WHERE state = 'succeeded' AND finished_at > ? AND reason = '{OfficeReason.CAME_BACK}'
"""  # noqa: S608


def listed(source: Source, addresses: Iterable[str]) -> dict[str, ListRecord]:
    """Return the entries that stop e-mails, by those of the given addresses that they stop.

    An address's own entry goes before that of its domain, and before that of an address behind
    which something was typed.
    """
    key, names = source.execute(META, (SECRET,)).fetchone(), dict[str, list[str]]()
    for each in addresses:
        names[each] = []
        for form in _forms(each):
            own = [form] if key is None else [form, fingerprint(key[0], form)]
            names[each] += [*own, f"@{form.rpartition('@')[2]}"]
    rows = named(source, sorted({form for forms in names.values() for form in forms}))
    known = {form: row for form, row in rows.items() if row.allowed_at is None}
    stops = {each: [known[f] for f in forms if f in known] for each, forms in names.items()}
    return {each: entries[0] for each, entries in stops.items() if entries}


def _forms(address: str) -> list[str]:
    """Return the one form of an address, and those behind which it may have been typed on.

    *orgTest* may be *org*; one letter behind two, as in *com*, makes another domain.
    """
    form = do_not_send.one_form(address)
    name, _, ending = form.rpartition(".")
    longest_first = range(len(ending) - 1, 1, -1)
    return [form, *(f"{name}.{ending[:n]}" for n in longest_first if n > 2 or len(ending) > 3)]


def named(source: Source, forms: Sequence[str]) -> dict[str, ListRecord]:
    """Return the rows with these addresses, in their one form, those allowed again included."""
    found = source.execute(_NAMED, (json.dumps([*forms]),)).fetchall()
    return {row[1]: ListRecord(*row) for row in found}


def read_list(source: Source, text: str, before: int | None, limit: int) -> do_not_send.ListPage:
    """Return a page of the entries whose address, or its domain, begins with a text."""
    form = "".join(text.split()).lower()
    given: tuple[Any, ...] = (form, f"@{form.removeprefix('@')}")
    (count,) = source.execute(_COUNT, given).fetchone()
    last = before or (1 << 62)
    rows = source.execute(_PAGE, (*given, last, limit)).fetchall()
    return do_not_send.ListPage(
        entries=[ListRecord(*row).entry for row in rows],
        count=count,
        next=rows[-1][0] if len(rows) == limit else None,
    )


def read_refused(source: Source, now: int) -> list[do_not_send.RefusedAddress]:
    """Return the addresses that were refused for good and are not on the list, newest first.

    One that a person allowed again, or did not add when it was offered, is left out.
    """
    after = (now - OFFERED_MS,)
    rows = source.execute(_REFUSED, after).fetchall() + source.execute(_BOUNCED, after).fetchall()
    found: dict[str, do_not_send.RefusedAddress] = {}
    for task, recipient, about, data in sorted(rows, reverse=True):
        said = json.loads(about or data or "{}")
        reason = do_not_send.REASON_OF_CODE.get(said.get("enhanced", ""))
        form = do_not_send.one_form(written_address(recipient))
        if reason is not None and "@" in form and form not in found:
            codes = " ".join(str(said[name]) for name in ("code", "enhanced") if name in said)
            found[form] = do_not_send.RefusedAddress(
                address=form, reason=reason.value, source=codes, task_id=task
            )
    known = named(source, [*found]).keys() | listed(source, found).keys()
    return [each for form, each in found.items() if form not in known]
