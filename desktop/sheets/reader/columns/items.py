"""Makes an item of a row of a spreadsheet, and reports cells that cannot be read."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.batches import RowProblem
from desktop.contract.rules.text import trimmed, whole_number
from desktop.contract.tasks import ID_LIMIT
from desktop.sheets.description import FIELD, Target, is_target
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files.cells import Wording, is_blank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.batch_rows import BatchItem, NewRow, UnreadRow
    from desktop.sheets.reader.files.cells import Cell

DOTTED: Final = "%d.%m.%Y"
"""The format of a date with dots."""
_SEVERAL: Final = re.compile(r"[;,\n]")


class RowMapper:
    """Makes items of rows; ``mapping`` has the target of each header, or ``None``.

    Raises:
        SheetError: ``DIFFERENT_COLUMNS`` for headers that the sheet does not have.
        ValueError: for an invalid target.
    """

    def __init__(
        self, headers: Sequence[str], mapping: Mapping[str, str | None], wording: Wording
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
        self._has_recipient = not targets.isdisjoint({Target.NAME, Target.FIRST_NAME, Target.EMAIL})
        self._wording = wording

    def item_of(self, row: int, cells: Sequence[Cell]) -> NewRow | None:
        """Make an item of a row's cells; ``None`` for a blank row.

        Values of one line, such as addresses, lose invisible characters at their ends; fields and
        the note stay as they are. Empty cells add nothing. The first number or time that cannot be
        read is the row's ``problem``; further ones stay texts.
        """
        if all(is_blank(cell) for cell in cells):
            return None
        item: dict[str, Any] = {}
        problems: list[UnreadRow] = []
        names: dict[str, str] = {}
        for at, target in self._columns:
            cell = cells[at] if at < len(cells) else ""
            if is_blank(cell):
                continue
            text = self._wording.text(cell)
            if target.startswith(FIELD):
                item.setdefault("fields", {})[target.removeprefix(FIELD)] = text
                continue
            match target:
                case Target.NUMBER:
                    number = whole_number(trimmed(text), ID_LIMIT)
                    if number is None:
                        problems.append(_unread(RowProblem.BAD_NUMBER, "item_id", text))
                    else:
                        item["item_id"] = number
                case Target.SEND_AT:
                    moment = moment_of(cell, self._wording)
                    if moment is None:
                        problems.append(_unread(RowProblem.BAD_TIME, "run_at", text))
                    else:
                        item["run_at"] = moment
                case Target.ATTACHMENT:
                    files = item.setdefault("attachments", [])
                    files += [name for each in _SEVERAL.split(text) if (name := trimmed(each))]
                case Target.NOTE:
                    item.setdefault("fields", {})["note"] = text
                case Target.TITLE:
                    item["title"] = trimmed(text)
                case _:
                    names[target] = trimmed(text)
        if self._has_recipient:
            item["recipient"] = _recipient(names)
            if len(names.get(Target.FIRST_NAME, "").split()) > 1 and names.get(Target.NAME):
                # The whole name alone does not show where the last name begins.
                parts = names[Target.FIRST_NAME], names[Target.NAME]
                fields = item.setdefault("fields", {})
                fields |= dict(zip(("first_name", "last_name"), parts, strict=True)) | fields
        item |= {each["path"]: each["text"] for each in problems[1:]}
        return _row(row, item, problems)


def moment_of(cell: Cell, wording: Wording) -> str | None:
    """Read a time as RFC 3339 with the offset of this computer's zone; ``None`` if it is none.

    A cell may be a date or time of the spreadsheet, ISO 8601, or a date in the format of this
    computer's settings, with or without a time. A date alone means its beginning. In a date with
    dots, the day comes first unless the settings say otherwise, as in the window.
    """
    match cell:
        case datetime():
            moment = cell
        case date():
            moment = datetime.combine(cell, time())
        case str():
            read = _read_moment(trimmed(cell), wording)
            if read is None:
                return None
            moment = read
        case _:
            return None
    try:
        local = moment if moment.tzinfo else moment.astimezone()
        return local.isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # before the year 1, or beyond the system's range
        return None


def _read_moment(text: str, wording: Wording) -> datetime | None:
    if not text[:1].isdigit():
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for written in product((wording.date, DOTTED), ("", " %H:%M", " %H:%M:%S")):
        try:
            return datetime.strptime(text, "".join(written))  # noqa: DTZ007 - the caller's zone
        except ValueError:
            continue
    return None


def _recipient(names: Mapping[str, str]) -> dict[str, str]:
    """Make the recipient of the parts of a name; a missing address is an empty text."""
    parts = (names.get(Target.FIRST_NAME, ""), names.get(Target.NAME, ""))
    name = " ".join(part for part in parts if part)
    email = names.get(Target.EMAIL, "")
    return {"name": name, "email": email} if name else {"email": email}


def _unread(problem: RowProblem, path: str, text: str) -> UnreadRow:
    return {"problem": problem.value, "path": path, "text": text}


def _row(row: int, item: dict[str, Any], problems: Sequence[UnreadRow]) -> NewRow:
    made: BatchItem = item  # type: ignore[assignment]  # its keys are those above
    if not problems:
        return {"row": row, "item": made}
    return {"row": row, "item": made, "problem": problems[0]}
