"""Remembering: applies what was typed into a row to later rows of the same person, and no other."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from desktop.contract.batches import BatchState
from desktop.contract.rules.corrections import Correction, as_read, corrections_in
from desktop.contract.rules.templates import DEFAULT
from desktop.items.batches import identity
from desktop.items.batches.rows import CheckedRow
from desktop.items.reads.batches import READ_ALIKE
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import BESIDE, OPTED_OUT, PLAIN, BatchRecord, RowRecord
from sendoff_tasks.store.tables.cursor import Source


class KnownCorrections(NamedTuple):
    """The corrections known for rows that are read, by row.

    Earlier rows of the draft are ``as_read`` again if a new row cannot be told apart from them.
    """

    corrections: Mapping[int, Sequence[Correction]]
    as_read: Sequence[CheckedRow] = ()


class _RowRead(NamedTuple):
    """A row of a batch as it was read, with the hashes that recognize it."""

    batch: int
    row: int
    origins: Collection[str]
    item: Mapping[str, Any]
    made: Sequence[Correction] = ()

    def stored_as_read(self) -> CheckedRow:
        """Return the row as it was before anything was typed into it."""
        item = {name: value for name, value in self.item.items() if name not in BESIDE}
        plain, opted_out = self.item.get(PLAIN, {}), self.item.get(OPTED_OUT)
        return CheckedRow(self.row, item, plain=plain, opted_out=opted_out)


def remembered(source: Source, number: int, rows: Sequence[CheckedRow]) -> KnownCorrections:
    """Return the corrections known for rows of a draft that are being read.

    A correction was typed into this row of the draft, or else into a row that was read the same: of
    the batch that the draft continues, or of a started batch. The last one counts. It must be the
    row of the same person, and the only such row in its spreadsheet.
    """
    if not source.execute(statements.ANY_CORRECTED).fetchone()[0]:
        return KnownCorrections({})
    batch = BatchRecord(*source.execute(statements.BATCH, (number,)).fetchone())
    key, template = json.loads(batch.key), batch.template or DEFAULT
    read = [
        _RowRead(number, e.row, identity.origins_of(key, template, e.item), e.item) for e in rows
    ]
    found = _typed_before(source, batch, read) | _typed_here(source, number, read)
    doubtful = [row for row in read if row.row in found and not identity.is_well_known(row.item)]
    given = {number, *(found[row.row].batch for row in doubtful)}
    stored = _by_origin(_read_alike(source, given, doubtful) if doubtful else ())
    own, numbers = _by_origin(read if doubtful else ()), {row.row for row in read}
    mistaken: dict[int, _RowRead] = {}
    for row in doubtful:
        typed = found[row.row]
        origins = {*typed.origins} & {*row.origins} or row.origins
        there = [e for e in _twins(stored, typed, origins) if e.batch == typed.batch]
        here = [e for e in _twins(stored, row, origins) if e.batch == number]
        earlier = [each for each in here if each.row not in numbers]
        if there or earlier or _twins(own, row, origins):  # it may be another person's row
            del found[row.row]
            mistaken |= {each.row: each for each in earlier if each.made}
    corrections = {row: typed.made for row, typed in found.items()}
    return KnownCorrections(corrections, [each.stored_as_read() for each in mistaken.values()])


def _typed_before(
    source: Source, batch: BatchRecord, rows: Sequence[_RowRead]
) -> dict[int, _RowRead]:
    """Return what was typed into rows of other batches for the same person."""
    alike: dict[str, list[_RowRead]] = {}
    given = json.dumps(sorted({each for row in rows for each in row.origins}))
    values = (given, batch.id, batch.continues or 0)
    for number, row, origin, item, stored, state in source.execute(
        statements.CORRECTED_BEFORE, values
    ):
        made = corrections_in(stored)
        read = as_read(json.loads(item), made)
        if state != BatchState.DRAFT:  # the item may have been corrected since
            made = [each for each in made if each.is_value]
        alike.setdefault(origin, []).append(_RowRead(number, row, (origin,), read, made))
    found = {}
    for each in rows if alike else ():
        before = [typed for origin in each.origins for typed in alike.get(origin, ())]
        same = [typed for typed in before if identity.is_same_person(typed.item, each.item)]
        if same:
            found[each.row] = same[-1]
    return found


def _typed_here(source: Source, number: int, rows: Sequence[_RowRead]) -> dict[int, _RowRead]:
    """Return what was typed into these rows of the draft, unless they name another person now."""
    items = {row.row: row.item for row in rows}
    found = {}
    for row in source.execute(statements.SOME_ROWS, (number, json.dumps([*items]))):
        record = RowRecord(*row)
        made = corrections_in(record.corrections)
        if not made:
            continue
        read = as_read(json.loads(record.item), made)
        if identity.may_be_same_person(read, items[record.row]):
            found[record.row] = _RowRead(number, record.row, (record.origin or "",), read, made)
    return found


def _read_alike(
    source: Source, batches: Collection[int], rows: Iterable[_RowRead]
) -> list[_RowRead]:
    """Return the rows of some batches that were read the same as one of these."""
    given = json.dumps(sorted({each for row in rows for each in row.origins}))
    found = source.execute(READ_ALIKE, (json.dumps([*batches]), given) * 3)
    alike = []
    for number, row, item, stored, *origins in found:
        made = corrections_in(stored)
        read = as_read(json.loads(item), made)
        alike.append(_RowRead(number, row, [*filter(None, origins)], read, made))
    return alike


def _by_origin(rows: Iterable[_RowRead]) -> defaultdict[str, list[_RowRead]]:
    found = defaultdict[str, list[_RowRead]](list)
    for row in rows:
        for origin in row.origins:
            found[origin].append(row)
    return found


def _twins(
    others: Mapping[str, Sequence[_RowRead]], row: _RowRead, origins: Iterable[str]
) -> list[_RowRead]:
    """Return other rows with these origins that cannot be told apart from a row."""
    return [
        each
        for origin in origins
        for each in others.get(origin, ())
        if (each.batch, each.row) != (row.batch, row.row)
        and identity.are_alike(each.item, row.item)
    ]
