"""Reads the rows of a described file as items, in pieces that can be sent."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

from desktop.contract.batches import RowProblem, Skip, Target, is_target
from desktop.contract.items import ValueKind
from desktop.contract.rules.mailbox import Mailbox, contacts_in
from desktop.contract.rules.names import NameColumns, part_told, spoken_name
from desktop.contract.rules.opt_outs import opts_out
from desktop.contract.rules.templates import FIELD
from desktop.contract.rules.values import kind_in, parse_number, plain_value
from desktop.sheets.description import BY_VALUE, NUMBER_MARKS, RECIPIENT, SheetChoice
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files.cells import PLAIN, Wording, as_it_is, is_blank, is_prepared
from desktop.sheets.reader.files.moments import as_column_writes, moment_of, read_moment
from desktop.sheets.reader.files.text import DECIMALS, cuts_in
from desktop.sheets.reader.headers import (
    HEADERS,
    NUMBER,
    SURNAMES,
    WIDE_AT,
    added_by_report,
    is_amount,
    is_of_totals,
    is_remark,
    readings,
)
from desktop.sheets.reader.tables import one_address_each, table_of
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.model.text import DIRECTION_MARKS, trimmed, whole_number
from sendoff_tasks.model.text import plain as simple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from desktop.contract.batches import BatchItem, NewRow, UnreadRow
    from desktop.sheets.description import Description
    from desktop.sheets.reader.files.cells import CellValue, ShownAs
    from desktop.sheets.reader.files.source import SourceFile
    from desktop.sheets.reader.tables import Table

ROWS: Final = 1_000
"""The limit of rows in a piece."""
BYTES: Final = 4 << 20
"""The limit of bytes in a piece."""
_SEVERAL: Final = re.compile(r"[;\n]")
"""What stands between the names of files; a comma may be part of a name."""

_BETWEEN: Final = " | "
"""What stands between the cells of an unclear row where it is told."""
_TOLD: Final = 200
"""Characters of an unclear row that are told."""
_PATHS: Final[dict[str, str]] = {
    Target.NAME: "recipient.name",
    Target.FIRST_NAME: "recipient.name",
    Target.EMAIL: "recipient.email",
    Target.TITLE: "title",
    Target.NOTE: "fields.note",
}
"""The places in an item of texts that are no fields of their own."""
_NO_MARKS: Final = dict.fromkeys(map(ord, DIRECTION_MARKS))
_MONTHS: Final = 12
_LINE_BREAKS: Final = re.compile(r"\s*[\r\n\t\v\f\u2028\u2029\x85]\s*")


class RowMapper:
    """Makes items of rows; ``mapping`` has the target of each header, or ``None``.

    The columns ``plain`` have their plain values; all count as their ``kinds``. Dates are read by
    the wording of their column in ``dates``.

    Raises:
        SheetError: ``DIFFERENT_COLUMNS`` for headers that the sheet does not have.
        ValueError: for an invalid target.
    """

    def __init__(
        self,
        headers: Sequence[str],
        mapping: Mapping[str, str | None],
        wording: Wording,
        plain: Collection[str],
        kinds: Mapping[str, str],
        dates: Mapping[int, Wording] | None = None,
    ) -> None:
        missing = [header for header in mapping if header not in headers]
        if missing:
            raise SheetError(SheetFault.DIFFERENT_COLUMNS, missing=missing)
        wanted = [(at, mapping[header]) for at, header in enumerate(headers) if header in mapping]
        self._columns = [(at, target) for at, target in wanted if target is not None]
        for _, target in self._columns:
            if not is_target(target):
                raise ValueError(f"A column cannot become {target!r}.")
        targets = {target for _, target in self._columns}
        own = added_by_report(headers)
        self._left_out = [
            (at, headers[at]) for at, target in wanted if target is None and at not in own
        ]
        self._has_recipient = not targets.isdisjoint(RECIPIENT)
        self._part = _part_in(mapping)
        parts = ((at, header, part_told(header)) for at, header in enumerate(headers))
        beside = [(at, header) for at, header, part in parts if part not in {"", "title"}]
        self._beside = beside if self._part is Target.NAME else []
        self._wording, self._dates = wording, dates or {}
        self._plain = {at for at, header in enumerate(headers) if header in plain}
        self._amounts = {at for at, header in enumerate(headers) if is_amount(simple(header))}
        self._kinds = [kind_in(kinds.get(header, ValueKind.TEXT))[0] for header in headers]

    def item_of(
        self, row: int, cells: Sequence[CellValue], shown: ShownAs = as_it_is
    ) -> NewRow | None:
        """Make an item of a row's cells; ``None`` for a blank row.

        ``shown`` tells how the sheet shows its cells.

        A cell of a column that is left out may say that the person wants no e-mail: ``opted_out``.
        Values of one line, such as addresses, lose invisible characters at their ends; fields and
        the note stay as they are. Empty cells add nothing. The first number or time that cannot be
        read is the row's ``problem``; further ones stay texts.
        """
        if all(map(is_blank, cells)) or (self._has_recipient and is_prepared(cells)):
            return None
        read = _ReadRow(self._wording)
        for at, target in self._columns:
            if at < len(cells) and not is_blank(cells[at]):
                as_shown = None if at in self._plain else shown(at)
                dates = self._dates.get(at, self._wording)
                read.take(target, cells[at], as_shown, self._kinds[at], dates)
        if self._has_recipient:
            texts = {name: cells[at] or "" for at, name in self._beside if at < len(cells)}
            read.add_recipient(self._part, NameColumns.of(texts))
        made = read.made(row)
        if self._has_recipient and self._has_totals(made, cells):
            made["item"]["skip"] = Skip.TOTAL.value
        for at, header in self._left_out:
            text = self._wording.exact(cells[at]) if at < len(cells) else ""
            if opts_out(header, text):
                made["opted_out"] = {"column": header, "text": text}
                break
        return made

    def _has_totals(self, made: NewRow, cells: Sequence[CellValue]) -> bool:
        """Tell whether a row without an address has totals: numbers beside their name at most."""
        if made["item"]["recipient"]["email"]:
            return False
        filled = [(at, cell) for at, cell in enumerate(cells) if not is_blank(cell)]
        numbers = [at for at, cell in filled if self._is_number(cell)]
        others = [self._wording.text(cell) for at, cell in filled if at not in numbers]
        if others:
            return bool(numbers) and len(others) == 1 and is_of_totals(others[0])
        return self._amounts.issuperset(numbers)

    def _is_number(self, cell: CellValue) -> bool:
        if isinstance(cell, str):
            return parse_number(cell, self._wording) is not None
        return isinstance(cell, int | float)

    def unclear(self, made: NewRow, told: str, named: Collection[int]) -> NewRow:
        """Give a row the problem that its cells, which are ``told``, may be cut wrongly.

        It can be corrected in the last column that becomes a text, of the ``named`` ones if any.
        """
        other = made.get("problem")
        if other is not None:  # it is found again once this one is solved
            item: Any = {**made["item"], other["path"]: other["text"]}
            made = {**made, "item": item}
        last = [
            _PATHS.get(target, target)
            for at, target in self._columns
            if (at in named or not named) and (target in _PATHS or target.startswith(FIELD))
        ]
        return {
            **made,
            "problem": {
                "problem": RowProblem.UNREADABLE.value,
                "path": last[-1] if last else _PATHS[Target.EMAIL],
                "text": told,
            },
        }


def _part_in(mapping: Mapping[str, str | None]) -> Target | None:
    """Return which part of a name the column of the name has: the last or the first one.

    ``None`` is the whole name.
    """
    if Target.FIRST_NAME in mapping.values():
        return Target.NAME
    heads = [header for header, target in mapping.items() if target == Target.NAME]
    said = {text for header in heads for text in readings(header)}
    if not said.isdisjoint(SURNAMES):
        return Target.NAME
    return None if said.isdisjoint(HEADERS[Target.FIRST_NAME]) else Target.FIRST_NAME


class _ReadRow:
    """The values read from one row so far: the parts of its item, and those that are unreadable."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._item: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self._name_beside = ""  # in the cell of the address
        self._unread: list[UnreadRow] = []
        self._plain: dict[str, str] = {}

    def take(
        self,
        target: str,
        cell: CellValue,
        shown: str | None,
        kind: ValueKind,
        dates: Wording,
    ) -> None:
        """Take the value of a cell that is not blank, written as ``shown`` where it is a text."""
        path = f"{FIELD}note" if target == Target.NOTE else target
        text = shown if target not in BY_VALUE else None
        text = self._wording.exact(cell) if text is None else text
        compared = PLAIN.text(cell)
        if isinstance(cell, str) and path.startswith(FIELD):
            compared = self._plain_of(cell, kind, dates) or cell
        is_told = text == compared and (compared is cell or compared.isdecimal())
        if not is_told and (path.startswith(FIELD) or path == Target.TITLE):
            self._plain[path] = compared
        if not text:
            return
        if target.startswith(FIELD):
            self._fields()[target.removeprefix(FIELD)] = text
            return
        match target:
            case Target.NUMBER:
                number = whole_number(trimmed(text).lstrip(NUMBER_MARKS), ID_LIMIT)
                self._put("item_id", number, text, RowProblem.BAD_NUMBER)
            case Target.SEND_AT:
                moment = None if self._may_be_turned(cell, dates) else moment_of(cell, dates)
                self._put("run_at", moment, text, RowProblem.BAD_TIME)
            case Target.ATTACHMENT:
                files = self._item.setdefault("attachments", [])
                files += [name for each in _SEVERAL.split(text) if (name := trimmed(each))]
            case Target.CC | Target.BCC:
                several = (self._item.get(target), _one_line(text))
                self._item[target] = ", ".join(filter(None, several))
            case Target.NOTE:
                self._fields()["note"] = text
            case Target.TITLE:
                self._item["title"] = _one_line(text)
            case Target.NAME | Target.FIRST_NAME:
                self._names[target] = _one_line(text)
            case Target.EMAIL:
                text = normalize("NFKC", text) if WIDE_AT in text else text
                contacts = contacts_in(text)
                one = contacts[0] if len(contacts) == 1 else Mailbox("", trimmed(text))
                self._names[target] = one.address
                self._name_beside = _one_line(one.name)

    def add_recipient(self, part: Target | None, beside: NameColumns) -> None:
        """Make the recipient of the names and the address; a missing address is an empty text.

        A name in the address's cell counts if the row has no other. ``part`` is what the column of
        the name has, as ``_part_in`` returns it; other columns have what is ``beside`` it. Among
        last names, *Krüger, Sabine* is both.
        """
        first, last = (self._names.get(each, "") for each in (Target.FIRST_NAME, Target.NAME))
        if part is Target.NAME and "," in last and (spoken := spoken_name(last)) != last:
            family = last.partition(",")[0].strip()
            given = spoken.removesuffix(family).strip()
            first, last = (given, family) if first in {"", given} else (first, last)
        last = beside.last_of(last)
        own = " ".join(filter(None, (first, last)))
        name, email = own or self._name_beside, self._names.get(Target.EMAIL, "")
        self._item["recipient"] = {"name": name, "email": email} if name else {"email": email}
        if own and part is not None:
            self._item["recipient"]["last_name"] = last if part is Target.NAME else ""

    def made(self, row: int) -> NewRow:
        """Return the row: its item and its first problem; other unreadable values stay texts."""
        item = self._item | {each["path"]: each["text"] for each in self._unread[1:]}
        made: BatchItem = item  # type: ignore[assignment]  # its keys are those above
        new: NewRow = {"row": row, "item": made}
        if self._plain:
            new["plain"] = self._plain
        if self._unread:
            new["problem"] = self._unread[0]
        return new

    def _plain_of(self, text: str, kind: ValueKind, dates: Wording) -> str | None:
        """Return the plain value of a text; ``None`` if it cannot be read."""
        if kind is not ValueKind.DATE:
            return plain_value(text, kind, self._wording)
        moment = read_moment(text, dates)
        return None if moment is None else PLAIN.text(moment)

    def _may_be_turned(self, cell: CellValue, dates: Wording) -> bool:
        """Tell whether a date may be 4 March for 3 April.

        Its program has not read the texts beside it, whose days and months stand the other way.
        """
        if dates is self._wording or not isinstance(cell, date):
            return False
        return cell.day <= _MONTHS and cell.day != cell.month

    def _fields(self) -> dict[str, str]:
        fields: dict[str, str] = self._item.setdefault("fields", {})
        return fields

    def _put(self, path: str, value: object, text: str, problem: RowProblem) -> None:
        """Put a value into the item; ``None`` is one that cannot be read from its ``text``."""
        if value is not None:
            self._item[path] = value
        else:
            self._unread.append({"problem": problem.value, "path": path, "text": text})


def _one_line(text: str) -> str:
    """Join the lines of a cell by blanks; marks that turn the direction of text are left out."""
    return _LINE_BREAKS.sub(" ", trimmed(text)).translate(_NO_MARKS)


def pieces(
    source: SourceFile,
    described: Description,
    mapping: Mapping[str, str | None],
    plain: Collection[str],
    kinds: Mapping[str, str],
) -> Iterator[tuple[dict[str, float], bytes]]:
    """Yield the progress (as ``Chunk`` has it) and the body of each piece.

    Raises:
        SheetError: ``CHANGED`` also after the last row.
    """
    if source.stamp != described.stamp:
        raise SheetError(SheetFault.CHANGED)
    choice = SheetChoice(sheet=described.sheet, encoding=described.encoding)
    table = table_of(source, described.kind, choice)
    headers, wording = [each.header for each in described.columns], Wording.of(described.writing)
    targets = [mapping.get(header) for header in headers]
    dates = {
        at: as_column_writes(_cells_below(table, described, at), wording)
        for at, (header, target) in enumerate(zip(headers, targets, strict=True))
        if target == Target.SEND_AT or (target and kinds.get(header) == ValueKind.DATE)
    }
    mapper = RowMapper(headers, mapping, wording, plain, kinds, dates)
    named = {at for at, each in enumerate(described.columns) if each.has_header}
    found = _rows_below(table, described, wording)
    if described.each_address and Target.EMAIL in targets:
        found = one_address_each(found, targets.index(Target.EMAIL))
    lines: list[bytes] = []
    size = read = 0
    for row, cells, (shown, own, is_unclear, is_left_out) in found:
        if is_left_out or (made := mapper.item_of(row, cells, shown)) is None:
            continue
        if is_unclear or _is_still_told(cells, own, wording):
            made = mapper.unclear(made, _told(cells, own, wording), named)
        line = _line(made)
        if len(lines) == ROWS or size + len(line) > BYTES:
            share = min(1.0, read / max(1, described.rows_with(mapping)))
            yield {"count": len(lines), "read": read, "share": share}, _body(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line) + 1
        read += 1
    if lines:
        yield {"count": len(lines), "read": read, "share": 1.0}, _body(lines)
    source.check_unchanged()


def _cells_below(table: Table, described: Description, at: int) -> Iterator[CellValue]:
    """Read the cells of a column."""
    for row, cells in table.rows():
        if row > described.header and at < len(cells):
            yield cells[at]


def _rows_below(
    table: Table, described: Description, wording: Wording
) -> Iterator[tuple[int, Sequence[CellValue], tuple[ShownAs, Collection[int], bool, bool]]]:
    """Read the rows below the header.

    Each has what tells how the sheet shows its cells, the columns that a report has added, whether
    its cells may be cut in the wrong places, and whether it is hidden and left out.
    """
    own: Collection[int] = ()
    named, above = 0, described.header - described.header_rows
    left_out = table.marks().hidden_rows if described.visible_only else frozenset()
    amounts = _cut_amounts(described)
    for row, cells, shown in table.shown_rows(wording):
        if row <= described.header:
            named = max(named, len(cells)) if row > above else 0
            own = added_by_report([wording.text(cell) for cell in cells])
            continue
        is_cut = bool(amounts) and not amounts.isdisjoint(cuts_in(cells))
        is_unclear = is_cut or table.is_unclear(cells, named)
        yield row, cells, (shown, own, is_unclear, row in left_out)


def _told(cells: Sequence[CellValue], own: Collection[int], wording: Wording) -> str:
    """Return the beginning of an unclear row in one line, without what a report has added."""
    texts = [wording.text(cell) for at, cell in enumerate(cells) if at not in own]
    while texts and is_blank(texts[-1]):
        texts.pop()
    return _one_line(_BETWEEN.join(texts))[:_TOLD]


def _is_still_told(cells: Sequence[CellValue], own: Collection[int], wording: Wording) -> bool:
    """Tell whether a report says that this row is unclear, and quotes it as it still is."""
    said = [wording.text(cells[at]) for at in own if at < len(cells)]
    if not any(_BETWEEN in text for text in said):
        return False
    told = _told(cells, own, wording)
    return _BETWEEN in told and any(told in text for text in said)


def _cut_amounts(described: Description) -> set[int]:
    """Return the columns of amounts that the separator may cut: 12,50 in a file with commas.

    In other rows, what follows them is no number, or it begins with a zero, as cents may.
    """
    if described.delimiter != ",":
        return set()
    found = set()
    for at, (column, after) in enumerate(pairwise(described.columns)):
        parts = [text for text in after.samples if DECIMALS.fullmatch(text)]
        others = [text for text in after.samples if not NUMBER.fullmatch(text)]
        is_cut = bool(others) or any(text.startswith("0") and len(text) > 1 for text in parts)
        is_cut = is_cut or is_remark(simple(after.header))
        if parts and is_cut and is_amount(simple(column.header)):
            found.add(at)
    return found


def _body(lines: Sequence[bytes]) -> bytes:
    """Return the JSON of ``POST /batches/{batch_id}/rows``."""
    return b'{"rows":[' + b",".join(lines) + b"]}"


def _line(row: NewRow) -> bytes:
    line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    if len(line) <= BYTES:
        return line
    text = f"{len(line)} bytes"
    return json.dumps(
        {
            "row": row["row"],
            "item": {},
            "problem": {"problem": RowProblem.UNREADABLE.value, "path": "", "text": text},
        }
    ).encode()
