"""Batches: pages of them and of their rows, the causes of most failures, what they allow tasks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import time
from typing import Any, Final, NamedTuple, cast

from desktop.contract.batches import (
    Batch,
    BatchCause,
    BatchCounts,
    BatchItem,
    BatchLeaves,
    BatchPage,
    BatchRow,
    BatchState,
    LetterHead,
    OptOut,
    OptOuts,
    Replaced,
    RowCheck,
    RowOutcome,
    RowPage,
)
from desktop.contract.office import OfficeCure, OfficeFields, OfficeReason
from desktop.contract.rules.corrections import changes_by, corrections_in
from desktop.contract.rules.mailbox import copies_of
from desktop.contract.rules.templates import DEFAULT
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import BatchRecord, RowRecord
from desktop.items.tables.schema import COUNTED
from sendoff_tasks.causes import Because, FoundCause, because
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.model.causes import CauseAbout, CauseKind, Cure
from sendoff_tasks.model.reasons import Reason, ReasonData
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import PAGE_LIMIT
from sendoff_tasks.model.times import Rate, wire_time
from sendoff_tasks.store.reads.causes import cure_of
from sendoff_tasks.store.reads.query import BadQuery, KeysetPlace, read_cursor, write_cursor
from sendoff_tasks.store.reads.waits import KnownByFeature, room_at
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.store.tables.statements import starts_of
from sendoff_tasks.words.reasons import cause_words
from sendoff_tasks.words.table import ENGLISH

MOST_OF_BATCHES: Final = f"""
SELECT batch_id, id, about, cure, failed, uncertain, held FROM (
    SELECT *, row_number() OVER (
        PARTITION BY batch_id ORDER BY failed + uncertain + held DESC, id
    ) AS place FROM (
        SELECT b.batch_id, c.id, c.about, c.cure, c.last_at,
            b.failed - b.failed_seen AS failed, b.uncertain - b.uncertain_seen AS uncertain,
            CASE WHEN b.waiting > 0 AND (c.cure = '{OfficeCure.EDIT_TEMPLATE}'
                OR json_extract(c.about, '$.reason') = '{Reason.HELD_FOR_PERSON}')
                THEN b.waiting ELSE 0 END AS held
        FROM batch_causes AS b JOIN causes AS c ON c.id = b.cause
        WHERE b.batch_id IN (SELECT value FROM json_each(?))
    ) AS every WHERE failed + uncertain + held > 0
) AS most WHERE place <= 10 ORDER BY failed + uncertain + held DESC, last_at DESC, id
"""  # noqa: S608
"""The ten causes of each batch with the most tasks: failed, uncertain or on hold.

Tasks on hold wait for their template, or for a retry after it was corrected."""
TO_RETRY: Final = (
    "SELECT batch_id, sum(failed - failed_seen) FROM batch_causes "
    "WHERE batch_id IN (SELECT value FROM json_each(?)) GROUP BY batch_id"
)
"""Counts the failed tasks of batches that are not marked as seen."""


def read_batch_causes(connection: Source, batches: Sequence[int]) -> dict[int, list[BatchCause]]:
    """Return for each batch the causes of most failed or uncertain tasks, at most ten.

    Tasks on hold for their template count, too, because someone has to change it. Tasks marked as
    seen do not count.
    """
    found: dict[int, list[BatchCause]] = {}
    rows = connection.execute(MOST_OF_BATCHES, (json.dumps(batches),)).fetchall()
    texts, now = {number: text for _, number, text, *_ in rows}, time()
    abouts = {number: cast("CauseAbout", json.loads(text)) for number, text in texts.items()}
    titles = {number: cause_words(ENGLISH, about, now) for number, about in abouts.items()}
    for batch, number, _, cure, failed, uncertain, held in rows:
        about = abouts[number]
        told = BatchCause(
            cause=number,
            title=titles[number],
            about=about,
            count=failed + uncertain + held,
            cure=cure_of(cure, about, failed=failed, uncertain=uncertain),
        )
        found.setdefault(batch, []).append(told)
    return found


class LeavingTimes(NamedTuple):
    """When the next and the last message of a batch leave, epoch ms, or why none leaves.

    ``None`` means an unknown time. The rest is as in ``BatchLeaves``.
    """

    following: int | None = None
    last: int | None = None
    because: Because | None = None
    put_off: ReasonData | None = None
    limited_by: ReasonData | None = None
    taken: str | None = None
    closes: int | None = None


Leaves = Callable[[BatchRecord, int], LeavingTimes]
"""A function that returns the leaving times of a batch whose messages have so many recipients."""
LetterOf = Callable[[str, str | None], LetterHead]
"""A function that returns the head of a template's messages, of an edition."""


def no_letter(_template: str, _edition: str | None) -> LetterHead:
    """Return what is not known."""
    return LetterHead()


_BATCHES: Final = "batches"


def read_record(connection: Source, number: int) -> BatchRecord:
    """Return a batch as it is stored; raise ``UnknownId``."""
    row = connection.execute(statements.BATCH, (number,)).fetchone()
    if row is None or row[3] == statements.DELETING:
        raise UnknownId("batch", number)
    return BatchRecord(*row)


def read_batches(
    connection: Source,
    after: str | None,
    limit: int,
    leaves: Leaves,
    letter: LetterOf = no_letter,
) -> BatchPage:
    """Return a page of batches, newest first; raise ``BadQuery``."""
    check_limit(limit)
    below = (1 << 62) if after is None else read_cursor(_BATCHES, after).id
    found = connection.execute(statements.PAGE_OF_BATCHES, (below, limit + 1)).fetchall()
    page = [BatchRecord(*row) for row in found[:limit]]
    told = batches_of(page, leaves, connection, letter)
    more = len(found) > limit
    place = write_cursor(_BATCHES, KeysetPlace(page[-1].id, page[-1].id)) if more else None
    return BatchPage(batches=told, next=place)


def batch_of(
    record: BatchRecord, leaves: Leaves, connection: Source, letter: LetterOf = no_letter
) -> Batch:
    """Convert a batch's record to the form in which it is sent."""
    (batch,) = batches_of([record], leaves, connection, letter)
    return batch


def batches_of(
    records: Sequence[BatchRecord],
    leaves: Leaves,
    connection: Source,
    letter: LetterOf = no_letter,
) -> list[Batch]:
    """Convert the records of batches to the form in which they are sent."""
    page = _PageOfBatches(connection, records, letter)
    return [page.batch(record, leaves) for record in records]


class _PageOfBatches:
    """The batches of one page; what other tables say about them is read once for all."""

    def __init__(
        self, connection: Source, records: Sequence[BatchRecord], letter: LetterOf
    ) -> None:
        self._letter = letter
        started = [record.id for record in records if record.started_at is not None]
        self._causes = read_batch_causes(connection, started)
        failed = json.dumps([record.id for record in records if record.failed])
        self._to_retry: dict[int, int] = dict(connection.execute(TO_RETRY, (failed,)).fetchall())
        numbers = json.dumps([record.id for record in records])
        drafts = connection.execute(statements.CONTINUED_BY, (numbers,))
        self._drafts: dict[int, int] = dict(drafts.fetchall())
        taken = json.dumps([each.id for each in records if each.cancelled and each.twice])
        self._replaced: dict[int, list[Replaced]] = {}
        for number, other, count in connection.execute(statements.REPLACED, (taken,)).fetchall():
            self._replaced.setdefault(number, []).append(Replaced(batch_id=other, count=count))

    def batch(self, record: BatchRecord, leaves: Leaves) -> Batch:
        """Convert a batch's record to the form in which it is sent."""
        kept: dict[str, Any] = {name: getattr(record, name) for name in COUNTED}
        unchecked = record.unchecked if record.started_at is None else 0
        template = record.template or DEFAULT
        edition = statements.editions_of(record).get(template) if record.started_at else None
        letter = self._letter(template, edition)
        recipients = 1 + sum(map(len, copies_of("", letter.cc, letter.bcc)))
        following, last, because, put_off, limited_by, taken, closes = leaves(record, recipients)
        return Batch(
            batch_id=record.id,
            rev=record.rev,
            name=record.name,
            created_at=wire_time(record.created_at),
            changed_at=wire_time(record.changed_at),
            started_at=time_of(record.started_at),
            finished_at=time_of(record.finished_at),
            state=BatchState.DRAFT if record.state == statements.UNDOING else record.state,
            key=json.loads(record.key),
            template=record.template,
            subject=letter.subject,
            sender=letter.sender,
            reply_to=letter.reply_to,
            cc=letter.cc,
            bcc=letter.bcc,
            tasks=json.loads(record.tasks),
            rate=record.rate,
            run_at=time_of(record.run_at),
            columns=statements.columns_of(record),
            reading=statements.reading_of(record),
            sheet=record.sheet,
            continues=record.continues,
            continued_by=self._drafts.get(record.id),
            replaces=None,
            replaced_by=self._replaced.get(record.id, []),
            opted_out=None,
            copies=None,
            corrected=record.corrected,
            unused=record.unused,
            marked=record.marked,
            bounced=record.bounced,
            to_retry=min(self._to_retry.get(record.id, 0), record.failed),
            counts=cast("BatchCounts", {**kept, "unchecked": unchecked}),
            leaves=BatchLeaves(
                next_at=time_of(following),
                last_at=time_of(last),
                reason=None if because is None else because.reason.value,
                reason_data={} if because is None else because.data,
                put_off=put_off,
                limited_by=limited_by,
                taken=taken,
                closes_at=time_of(closes),
            ),
            causes=self._causes.get(record.id, []),
        )


def read_replaced(connection: Source, number: int) -> list[Replaced]:
    """Return the e-mails of other batches that a draft would replace."""
    found = connection.execute(statements.TO_REPLACE, (number,)).fetchall()
    return [
        Replaced(batch_id=other, count=count, check=check, run_at=time_of(run_at))
        for other, check, count, run_at in found
    ]


def read_opted_out(connection: Source, number: int) -> list[OptOuts]:
    """Return how many rows of a draft opt out, by column."""
    counts: dict[str, OptOuts] = {}
    found = connection.execute(statements.COUNT_OPTED_OUT, (number,)).fetchall()
    for told, count in found:
        said: OptOut = json.loads(told)
        counts.setdefault(said["column"], OptOuts(**said, count=0))["count"] += count
    return [*counts.values()]


def read_unchecked(
    connection: Source, number: int, limit: int, beyond: int
) -> tuple[int, list[RowRecord]]:
    """Return a draft's revision, and rows after ``beyond`` that are not checked for it."""
    batch = read_record(connection, number)
    found = connection.execute(statements.UNCHECKED_ROWS, (number, beyond, batch.revision, limit))
    return batch.revision, [RowRecord(*row) for row in found]


def read_unsent(
    connection: Source, name: str, limit: int
) -> list[tuple[BatchRecord, dict[str, Any]]]:
    """Return unsent rows, as stored, of started batches that use a template, with their batch."""
    found = connection.execute(statements.UNSENT_BY_TEMPLATE, (DEFAULT, name, limit))
    return [(BatchRecord(*batch), json.loads(item)) for item, *batch in found]


def read_unchecked_drafts(connection: Source) -> list[int]:
    """Return the numbers of drafts with rows to check."""
    return [number for (number,) in connection.execute(statements.UNCHECKED_DRAFTS)]


def read_highest_number(connection: Source, batch_id: int) -> int:
    """Return the highest item number that a draft's rows would add; 0 if there is none."""
    (number,) = connection.execute(statements.HIGHEST_NUMBER, (batch_id,)).fetchone()
    return number or 0


def read_templates(connection: Source, batch_id: int) -> set[str]:
    """Return the templates of a batch's messages."""
    own = read_record(connection, batch_id).template or DEFAULT
    found = connection.execute(statements.TEMPLATES_OF_ROWS, (batch_id,)).fetchall()
    return {name or own for (name,) in found}


def time_of(ms: int | None) -> str | None:
    """Convert a time, epoch ms, to the wire's format; ``None`` stays."""
    return None if ms is None else wire_time(ms)


def check_limit(limit: int) -> None:
    """Raise ``BadQuery`` for a page that is too long or too short."""
    if not 1 <= limit <= PAGE_LIMIT:
        raise BadQuery("limit", "page_size", most=PAGE_LIMIT)


ROW_WIDTH: Final = len(RowRecord._fields)
STATE_OF: Final = {
    RowOutcome.SENT: State.SUCCEEDED,
    RowOutcome.KEPT: State.SUCCEEDED,
    RowOutcome.FAILED: State.FAILED,
    RowOutcome.UNCERTAIN: State.UNCERTAIN,
    RowOutcome.CANCELLED: State.CANCELLED,
}
"""Maps the outcome of a row to the state of its newest task."""
TOLD_ROWS: Final = """
SELECT r.*, t.state, t.error, t.recipient FROM ({}) AS page
CROSS JOIN batch_rows AS r ON r.batch_id = ? AND r.row = page.row
LEFT JOIN tasks AS t ON t.id = r.task_id ORDER BY r.row LIMIT ?
"""
"""Whole rows for a subquery of row numbers, with their newest task's state, error, recipient."""
_READ_ALIKE: Final = """
SELECT batch_id, row, item, corrections, origin, identity, content FROM batch_rows
WHERE batch_id IN (SELECT value FROM json_each(?)) AND {} IN (SELECT atom FROM json_each(?)){}
"""
READ_ALIKE: Final = "UNION".join(
    _READ_ALIKE.format(*each)
    for each in (("origin", ""), ("identity", ""), ("content", " AND checked = 'problem'"))
)
"""Rows of given batches with the same source values as other rows, corrected or not."""
_ROWS: Final = "rows"


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Selects rows by check and by outcome; ``()``: any."""

    checks: Sequence[RowCheck] = ()
    outcomes: Sequence[RowOutcome] = ()


def read_rows(
    connection: Source,
    number: int,
    wanted: RowFilter,
    after: str | None = None,
    limit: int = 100,
) -> RowPage:
    """Return a page of a batch's rows, in order; raise ``UnknownId``, ``BadQuery``."""
    check_limit(limit)
    batch = read_record(connection, number)
    beyond = 0 if after is None else read_cursor(_ROWS, after).id
    parts = [
        (
            f"SELECT row FROM ({walk} AND r.row > ? ORDER BY r.row LIMIT ?) AS w",  # noqa: S608
            (*values, low, limit + 1),
        )
        for walk, values, low in _walks(batch, wanted, beyond)
    ]
    if not parts:
        return RowPage(rows=[], next=None)
    united = " UNION ".join(text for text, _ in parts)
    given = [value for _, values in parts for value in values]
    found = connection.execute(TOLD_ROWS.format(united), (*given, number, limit + 1)).fetchall()
    page = [_row(batch, each) for each in found[:limit]]
    _add_trouble(connection, page)
    more = len(found) > limit
    last = page[-1]["row"] if page else 0
    return RowPage(rows=page, next=write_cursor(_ROWS, KeysetPlace(last, last)) if more else None)


def read_row(connection: Source, number: int, row: int) -> BatchRow:
    """Return one row; raise ``UnknownId``."""
    batch = read_record(connection, number)
    one = "SELECT CAST(? AS INTEGER) AS row"
    found = connection.execute(TOLD_ROWS.format(one), (row, number, 1)).fetchone()
    if found is None:
        raise UnknownId("row", row)
    told = _row(batch, found)
    _add_trouble(connection, [told])
    return told


_FROM: Final = "SELECT r.row FROM batch_rows AS r"
_Walk = tuple[str, tuple[Any, ...], int]
"""A query for ordered row numbers, its parameters, and the row after which it begins."""


def _walks(batch: BatchRecord, wanted: RowFilter, beyond: int) -> Iterator[_Walk]:
    """Choose the indexes to read from; rows that were not fed have no stored outcome."""
    checks = f" AND r.checked IN ({_marks(wanted.checks)})" if wanted.checks else ""
    checks += " AND r.revision = ?" if wanted.checks and batch.is_draft else ""
    also = (*wanted.checks, *([batch.revision] if wanted.checks and batch.is_draft else []))
    if not wanted.outcomes:
        for check in wanted.checks if wanted.checks else [None]:
            one = "" if check is None else " AND r.checked = ?"
            value = () if check is None else (check,)
            yield f"{_FROM} WHERE r.batch_id = ?{one}{checks}", (batch.id, *value, *also), beyond
        return
    unfed = max(beyond, batch.fed_to)
    for outcome in wanted.outcomes:
        where = f" WHERE r.batch_id = ? AND r.outcome = ?{checks}"
        yield f"{_FROM}{where}", (batch.id, outcome, *also), beyond
        if batch.started_at is None:
            continue
        for check in _unfed_checks(batch, outcome):
            where = f" WHERE r.batch_id = ? AND r.checked = ? AND r.outcome IS NULL{checks}"
            yield f"{_FROM}{where}", (batch.id, check, *also), unfed


def _unfed_checks(batch: BatchRecord, outcome: RowOutcome) -> list[RowCheck]:
    """Return the checks that mean this outcome for rows that are not yet items."""
    return [each for each in RowCheck if _outcome_of_unfed(batch, each) is outcome]


def _outcome_of_unfed(batch: BatchRecord, check: str) -> RowOutcome:
    if check not in batch.sends.split():
        return RowOutcome.LEFT_OUT
    return RowOutcome.OPEN if batch.stopped_at is None else RowOutcome.CANCELLED


def _row(batch: BatchRecord, found: Sequence[Any]) -> BatchRow:
    row = RowRecord(*found[:ROW_WIDTH])
    task_state, error, to = found[ROW_WIDTH:]
    item = cast("BatchItem", statements.item_of(row))
    is_checked = row.revision == batch.revision or not batch.is_draft
    outcome = row.outcome
    if outcome is None and batch.started_at is not None:
        outcome = _outcome_of_unfed(batch, row.checked)
    ended = None if outcome is None else STATE_OF.get(RowOutcome(outcome))
    is_sent = outcome == RowOutcome.SENT
    may_have_left = is_sent or outcome in {RowOutcome.KEPT, RowOutcome.OPEN}  # in an earlier task
    made = BatchRow(
        row=row.row,
        item=item,
        check=row.checked if is_checked else None,
        problem=row.problem if is_checked else None,
        data=json.loads(row.data) if row.data and is_checked else {},
        message="",
        path=row.path if is_checked else None,
        corrections=changes_by(item, corrections_in(row.corrections)) if row.corrections else [],
        item_id=row.item_id,
        task_id=row.task_id,
        outcome=outcome,
        state=task_state or ended,
        sent_at=time_of(row.ended_at) if may_have_left else None,
        answer=row.answer or (None if is_sent else error),
        message_id=row.message_id or None,
        bounced=row.bounced,
        to=to or (row.recipient if row.task_id is not None else None),
    )
    if plain := statements.plain_of(row):
        made["plain"] = plain
    if said := statements.opt_out_of(row):
        made["opted_out"] = said
    return made


def _add_trouble(connection: Source, rows: list[BatchRow]) -> None:
    """Add to each row that was left out the current trouble with its item's message."""
    about = [each["data"] for each in rows if each["task_id"] is None and "item_id" in each["data"]]
    if about:
        numbers = json.dumps([data["item_id"] for data in about])
        found = connection.execute(statements.NOT_INFORMED, (numbers,)).fetchall()
        tasks = {item: (unsettled, failed) for item, unsettled, failed in found}
        for data in about:
            unsettled, failed = tasks.get(data["item_id"], (None, None))
            if unsettled is not None:
                data["unsettled"] = unsettled
            elif failed is not None:
                data["failed"] = failed


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


class StoredBatches(KnownByFeature):
    """Knows batches from their table, and what rows of messages say more."""

    def row(self, record: TaskRecord) -> Mapping[str, Any]:
        """Return the item that a task belongs to, and to whom its message goes."""
        return OfficeFields(
            item_id=record.item_id,
            to=record.recipient or None,
            next_to=record.next_to,
            copy=record.is_copy,
        )

    def detail(self, record: TaskRecord) -> Mapping[str, Any]:
        """Return the addressee of its own that a message has, and its edition."""
        return {
            "message_id": record.reference or None,
            "addressee": None if record.addressee is None else json.loads(record.addressee),
            "edition": record.edition,
        }

    def paused(self, source: Source) -> list[int]:
        """Return the paused batches."""
        return [number for (number,) in source.execute(statements.PAUSED).fetchall()]

    def pause_of(self, source: Source, batch_id: int) -> Because | None:
        """Return since when a batch is paused."""
        since, _ = _paused_and_rate(source, batch_id)
        if since is None:
            return None
        return because(OfficeReason.BATCH_PAUSED, batch_id=batch_id, since=wire_time(since))

    def limit_of(self, source: Source, batch_id: int) -> Because | None:
        """Return the rate of a batch that allows no start, and ``until`` when."""
        _, rate = _paused_and_rate(source, batch_id)
        until = None if rate is None else room_at(source, starts_of(batch_id), Rate.parse(rate))
        if until is None:
            return None  # what put the task aside may be something else
        at = wire_time(until)
        return because(OfficeReason.BATCH_LIMIT, batch_id=batch_id, limit=rate, until=at)

    def cause_of(self, batch_id: int, name: str = "") -> FoundCause:
        """Return the cause of tasks whose batch is paused."""
        about = CauseAbout(
            kind=CauseKind.REASON,
            reason=OfficeReason.BATCH_PAUSED,
            batch_id=batch_id,
            text=ENGLISH.say("cause", "batch_paused", batch_id=name or batch_id),
        )
        if name:
            about["batch"] = name
        return FoundCause(about, Cure.RESUME)


def _paused_and_rate(source: Source, batch_id: int) -> tuple[int | None, str | None]:
    """Return since when a batch is paused, epoch ms, and its rate, as ``500/day``."""
    found: tuple[int | None, str | None] | None
    found = source.execute(statements.TERMS, (batch_id,)).fetchone()
    return found or (None, None)


BATCHES: Final = StoredBatches()
