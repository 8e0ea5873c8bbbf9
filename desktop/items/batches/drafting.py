"""Drafting: makes a batch, sets it up, fills it with rows, and starts it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from desktop.contract.batches import (
    SENT_ALWAYS,
    SKIP,
    BatchState,
    CheckData,
    RowCheck,
    RowProblem,
)
from desktop.contract.do_not_send import SEND_ANYWAY
from desktop.contract.office import OfficeRefusal
from desktop.contract.rules import corrections
from desktop.contract.rules.mailbox import written_address
from desktop.contract.rules.templates import DEFAULT
from desktop.items.accepting import written
from desktop.items.batches.comparing import Verdict, against_first, compare, identities_elsewhere
from desktop.items.batches.identity import content_of, identity_of, origins_of
from desktop.items.batches.rows import (
    CheckedRow,
    DraftSettings,
    read_batch,
    read_draft,
    read_rows,
    state_of,
    write_batch,
)
from desktop.items.item_records import BEYOND, count_on_from
from desktop.items.reads.do_not_send import listed
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import (
    COUNT_OF,
    DOUBT,
    OPTED_OUT,
    PLAIN,
    BatchRecord,
    RowRecord,
    doubt_of,
    item_of,
    opt_out_of,
    plain_of,
)
from sendoff_tasks.clock import to_ms
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.store.tables.pending import ActionOptions
from sendoff_tasks.store.tables.statements import PUT_META
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.replies import More
from sendoff_tasks.verbs.submit import recall, remember


@dataclass(frozen=True, slots=True)
class NewBatchAnswer:
    """The number of a new batch; ``replayed`` if its key had been answered before."""

    batch_id: int
    replayed: bool = False


def create(group: Group, wanted: DraftSettings, key: Idempotency | None) -> NewBatchAnswer:
    """Make a draft; raise ``UnknownId`` if the batch that it continues is gone."""
    known = recall(group, key)
    if known is not None:
        return NewBatchAnswer(known, replayed=True)
    if wanted.continues is not None:
        read_batch(group, wanted.continues)
    batch = BatchRecord(
        id=_next_number(group),
        rev=0,
        state=BatchState.DRAFT,
        created_at=group.now,
        changed_at=group.now,
        started_at=None,
        finished_at=None,
        paused_at=None,
        sheet=None,
        continues=wanted.continues,
        **_settings(wanted),
    )
    write_batch(group, batch)
    remember(group, key, batch.id)
    return NewBatchAnswer(batch.id)


def count_on(group: Group) -> None:
    """Continue the numbers far beyond those of a lost store, whose batches have left files."""
    _next_number(group, BEYOND)


def _next_number(group: Group, by: int = 1) -> int:
    """Count on, and return the number; that of a deleted batch is not given out again."""
    (last,) = group.cursor.execute(statements.LAST_BATCH).fetchone()
    group.cursor.execute(PUT_META, (statements.BATCHES_FLOOR, str(last + by)))
    return int(last) + by


def draft_to_change(group: Group, number: int) -> BatchRecord:
    """Return a draft that is changed or started: a pending deletion is dropped."""
    batch = read_draft(group, number)
    group.part(PendingRecords).take_out_batch(group, number, "delete")
    return batch


def change(group: Group, number: int, wanted: DraftSettings) -> BatchRecord:
    """Change a draft's settings; its rows become unchecked if that may matter to them."""
    batch = draft_to_change(group, number)
    settings = _settings(wanted)
    matters = any(settings[name] != getattr(batch, name) for name in ("key", "template", "tasks"))
    for name, value in settings.items():
        setattr(batch, name, value)
    if matters:
        uncheck(batch)
    batch.changed_at = group.now
    write_batch(group, batch)
    return batch


def uncheck(batch: BatchRecord) -> None:
    """Mark every row of a draft as unchecked."""
    batch.revision += 1
    for name in COUNT_OF.values():
        setattr(batch, name, 0)


def check_again(group: Group, number: int) -> BatchRecord:
    """Have a draft's rows checked again, because what checks depend on has changed."""
    batch = draft_to_change(group, number)
    uncheck(batch)
    write_batch(group, batch)
    return batch


def check_drafts_again(
    group: Group, *, but: int | None = None, template: str | None = None
) -> None:
    """Have the rows of all drafts but one checked again, or of drafts that may use a template.

    A draft without a template may use any, because its rows name their own.
    """
    for row in group.cursor.execute(statements.DRAFTS).fetchall():
        batch = BatchRecord(*row)
        if batch.id != but and (template is None or batch.template in {None, template}):
            uncheck(batch)
            write_batch(group, batch)


def keep_sheet(group: Group, number: int, name: str | None) -> BatchRecord:
    """Store the name of the spreadsheet kept with a draft."""
    batch = draft_to_change(group, number)
    batch.sheet, batch.changed_at = name, group.now
    write_batch(group, batch)
    return batch


def _settings(wanted: DraftSettings) -> dict[str, Any]:
    return {
        "name": wanted.name,
        "key": json.dumps([*wanted.key]),
        "template": wanted.template,
        "tasks": json.dumps([*wanted.tasks]),
        "rate": wanted.rate,
        "run_at": wanted.run_at,
        "columns": json.dumps(dict(wanted.columns), ensure_ascii=False),
        "reading": json.dumps(wanted.reading, ensure_ascii=False) if wanted.reading else None,
    }


STEP: Final = 100
"""Rows added to a draft in one group, which takes a few ms."""


def change_rows(
    group: Group, number: int, rows: Sequence[CheckedRow], revision: int
) -> BatchRecord | More:
    """Put rows into a draft as :func:`put_rows` does, and drop its pending deletion."""
    draft_to_change(group, number)
    return put_rows(group, number, rows, revision)


def put_rows(
    group: Group, number: int, rows: Sequence[CheckedRow], revision: int, *, begun: int = 0
) -> BatchRecord | More:
    """Put rows into a draft, replacing earlier ones with the same numbers, a few in each group.

    Rows that were checked for another ``revision`` of its settings are unchecked.
    """
    batch = read_draft(group, number)
    some = rows[begun : begun + STEP]
    template = batch.template or DEFAULT
    _write_rows(group, batch, [_record(batch, template, row, revision) for row in some])
    batch.changed_at = group.now
    write_batch(group, batch)
    if begun + STEP < len(rows):
        return More(lambda later: put_rows(later, number, rows, revision, begun=begun + STEP))
    return batch


def correct_row(
    group: Group, number: int, row: CheckedRow, revision: int, typed: Collection[str] = ()
) -> BatchRecord | More:
    """Put a row as a person corrected it; the values read from the file are kept beside it.

    A value whose path is in ``typed`` is also sent if its item has been corrected.
    """
    before = group.cursor.execute(statements.ROW, (number, row.row)).fetchone()
    if before is None:
        raise UnknownId("row", row.row)
    stored = RowRecord(*before)
    known = corrections.corrections_in(stored.corrections)
    made = corrections.corrected_again(item_of(stored), known, row.item, typed)
    corrected = replace(row, corrections=made, plain=plain_of(stored))
    return change_rows(group, number, [corrected], revision)


def _record(batch: BatchRecord, template: str, row: CheckedRow, revision: int) -> RowRecord:
    key, item = json.loads(batch.key), row.item
    origin = None
    typed = {e.path for e in row.corrections if corrections.is_used(e, item) and not e.is_as_read}
    plain = {path: value for path, value in row.plain.items() if path not in typed}
    compared = corrections.with_values(item, plain)
    known = {e.path for e in row.corrections if corrections.is_used(e, item)}
    doubt = next((each for each in row.doubts if each["path"] not in known), None)
    beside = {PLAIN: plain, OPTED_OUT: row.opted_out, DOUBT: doubt}
    if row.corrections:
        origin = origins_of(key, template, corrections.as_read(item, row.corrections))[0]
    return RowRecord(
        batch_id=batch.id,
        row=row.row,
        revision=revision,
        item=written({**item, **{name: said for name, said in beside.items() if said}}),
        recipient=row.to,
        identity=identity_of(key, template, compared),
        content=content_of(compared),
        checked=_check_of(row),
        problem=row.problem,
        data=json.dumps(dict(row.data), ensure_ascii=False) if row.data else None,
        path=row.path,
        corrections=corrections.stored_form(row.corrections),
        origin=origin,
    )


def _check_of(row: CheckedRow) -> RowCheck:
    """Return the check of a row by itself, before it is compared with others."""
    if row.item.get(SKIP):
        return RowCheck.SKIPPED
    return RowCheck.READY if row.problem is None else RowCheck.PROBLEM


def _write_rows(group: Group, batch: BatchRecord, rows: Iterable[RowRecord]) -> None:
    """Write rows, and check them against all rows of the draft with the same identity."""
    new = {row.row: row for row in rows}
    numbers = json.dumps([*new])
    before = {each.row: each for each in read_rows(group, statements.SOME_ROWS, batch.id, numbers)}
    batch.rows += len(new) - len(before)
    _count_corrections(batch, before.values(), -1)
    _count_corrections(batch, new.values(), 1)
    touched = {row.identity for row in (*new.values(), *before.values()) if row.identity}
    given = json.dumps(sorted(touched))
    before |= {each.row: each for each in read_rows(group, statements.ROWS_ALIKE, given, batch.id)}
    after = _checked(group, batch, {**before, **new}.values())
    changed = [row for row in after if row != before.get(row.row)]
    group.cursor.executemany(statements.PUT_ROW, changed)
    _count(batch, before.values(), -1)
    _count(batch, after, 1)


def _checked(group: Group, batch: BatchRecord, rows: Collection[RowRecord]) -> list[RowRecord]:
    """Check rows against each other, against what was sent, and for who wants no e-mail.

    Of rows with one key, the first counts.
    """
    by_identity = sorted(rows, key=lambda row: (row.identity or "", row.row))
    elsewhere = identities_elsewhere(group, by_identity)
    judged: list[RowRecord] = []
    for _, alike in groupby(by_identity, key=attrgetter("identity")):
        first: RowRecord | None = None
        for row in alike:
            current = row.revision == batch.revision
            is_wrong = row.checked == RowCheck.PROBLEM and row.problem != RowProblem.OTHER_PERSON
            is_wrong |= row.checked == RowCheck.SKIPPED
            if not current or row.identity is None or is_wrong:
                judged.append(row)
            elif first is not None:
                judged.append(against_first(batch, first, row).of(row))
            else:
                first = row
                judged.append(compare(group, batch, row, elsewhere).of(row))
    return _set_aside(group, judged)


_MAY_LEAVE: Final = frozenset({RowCheck.READY, RowCheck.CHANGED, RowCheck.SAME})


def _set_aside(group: Group, rows: Sequence[RowRecord]) -> list[RowRecord]:
    """Return rows, with other checks those who want no e-mail, and values that look wrong.

    The spreadsheet comes before the list *Do not send*: who is asked for both gets nothing unless
    both are sent to.
    """
    leaving = [row for row in rows if row.checked in _MAY_LEAVE]
    to = {row.row: written_address(row.recipient or "") for row in leaving}
    stops = listed(group.cursor, {*to.values()} - {""}) if to else {}

    def judged(row: RowRecord) -> RowRecord:
        said, stop = opt_out_of(row), stops.get(to.get(row.row, ""))
        if (said or stop) and item_of(row).get(SEND_ANYWAY):
            said = stop = None
        if said is not None:
            return Verdict(RowCheck.OPTED_OUT, CheckData(opted_out=said)).of(row)
        if stop is not None:
            return Verdict(RowCheck.DO_NOT_SEND, CheckData(entry=stop.entry)).of(row)
        if row.checked == RowCheck.READY and (doubt := doubt_of(row)) is not None:
            about = CheckData(text=doubt["text"], kind=doubt["kind"])
            about |= json.loads(row.data or "{}")
            return Verdict(RowCheck.DOUBTFUL, about, path=doubt["path"]).of(row)
        return row

    return [judged(row) if row.row in to else row for row in rows]


def _count_corrections(batch: BatchRecord, rows: Iterable[RowRecord], sign: int) -> None:
    for row in rows:
        if row.corrections:
            item = json.loads(row.item)
            made = [each for each in corrections.corrections_in(row.corrections) if each.is_value]
            used = sum(corrections.is_used(each, item) for each in made)
            batch.corrected += sign * used
            batch.unused += sign * (len(made) - used)


def _count(batch: BatchRecord, rows: Iterable[RowRecord], sign: int) -> None:
    counted = Counter(COUNT_OF[row.checked] for row in rows if row.revision == batch.revision)
    for name, n in counted.items():
        setattr(batch, name, getattr(batch, name) + sign * n)


EditionOf = Callable[[str], str | None]
"""Returns the newest edition of a template; ``None`` if it has none."""
NO_EDITIONS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class StartOptions:
    """Which rows to send besides the ready ones; nothing leaves for ``undo_for`` s.

    The start can be undone until then.
    With ``send_anyway`` those to addresses on the list *Do not send*, too; without
    ``send_opted_out`` none whose spreadsheet says that the person wants no e-mail.
    """

    send_changed: bool = False
    send_same: bool = False
    send_anyway: bool = False
    undo_for: float = 0
    send_opted_out: bool = True

    @property
    def sends(self) -> list[RowCheck]:
        """The checks of the rows that are sent."""
        also = {
            RowCheck.CHANGED: self.send_changed,
            RowCheck.SAME: self.send_same,
            RowCheck.DO_NOT_SEND: self.send_anyway,
            RowCheck.OPTED_OUT: self.send_opted_out,
        }
        return [*SENT_ALWAYS, *(check for check in also if also[check])]


def start(
    group: Group,
    number: int,
    options: StartOptions,
    key: Idempotency | None = None,
    *,
    highest: int = 0,
    editions: Mapping[str, str] = NO_EDITIONS,
) -> BatchRecord:
    """Start a draft; raise ``Conflict`` while rows are unchecked, or if it was started before.

    The rows of other drafts are checked again, because they may be the same. Its own rows do not
    change: ``feeding`` makes the items, a few in each group. ``highest`` is the highest number they
    bring; a new item must not take the number of a row that waits. ``editions`` are those of its
    templates, of which all its messages are made.
    """
    if recall(group, key) is not None:
        return read_batch(group, number)
    unchecked = read_draft(group, number).unchecked
    if unchecked:
        raise Conflict(OfficeRefusal.BATCH_UNCHECKED, count=unchecked)
    batch = draft_to_change(group, number)
    batch.sends = " ".join(options.sends)
    batch.editions = json.dumps(dict(editions), ensure_ascii=False)
    batch.open = sum(getattr(batch, COUNT_OF[check]) for check in options.sends)
    batch.left_out = batch.rows - batch.open
    batch.fed_to = 0
    batch.started_at = batch.changed_at = group.now
    batch.grace_until = group.now + to_ms(options.undo_for) if options.undo_for else 0
    batch.state = state_of(batch)
    batch.finished_at = None if batch.open else group.now
    write_batch(group, batch)
    count_on_from(group, highest)
    check_drafts_again(group, but=number)
    group.more = True
    if options.undo_for:
        asked, pending = (
            ActionOptions(key=key.key if key else "", batch_id=number),
            group.part(PendingRecords),
        )
        pending.offer_undo(group, "start", options.undo_for, asked, count=batch.open)
    remember(group, key, number)
    return batch
