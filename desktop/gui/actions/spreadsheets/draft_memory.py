"""Which drafts this window brought in, which were only looked at, what was typed in their rows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from desktop.gui.importing.row_check_words import target_of
from desktop.gui.importing.rows_model import with_value
from desktop.sheets.description import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop.contract.batch_rows import NewRow
    from desktop.gui.actions.typed_drafts import TypedDrafts

TYPED: Final = "typed"
"""Where a draft has what is typed in one of its rows, as ``{"row", "path", "text"}``."""
CORRECTED: Final = "corrected"
"""Where it has the values that were corrected: by row and path, each with the columns it is of."""
TO_READ: Final = "to read"
"""Marks a draft whose columns were matched otherwise, until all its rows are read so."""


@dataclass(frozen=True, slots=True)
class CorrectedValues:
    """What a person typed into rows of a draft: values by row and by their path in its item.

    ``unused`` are those whose column is not read as it was when they were typed.
    """

    values: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    unused: int = 0

    def put_into(self, body: bytes) -> bytes:
        """Return the body of ``POST /batches/{batch_id}/rows`` with the values in their rows."""
        if not self.values:
            return body
        rows = [self._corrected(row) for row in json.loads(body)["rows"]]
        return json.dumps({"rows": rows}, ensure_ascii=False).encode()

    def _corrected(self, row: NewRow) -> NewRow:
        for path, value in self.values.get(row["row"], {}).items():
            row["item"] = with_value(row["item"], path, value)
            if "problem" in row and row["problem"]["path"] == path:
                del row["problem"]
        return row


class DraftMemory:
    """Remembers drafts by their numbers, in ``drafts`` also for the next window.

    The same file again opens its draft. Where nothing was changed in that, it is only looked at:
    the file takes its place, so it is never out of date.
    """

    def __init__(self, drafts: TypedDrafts) -> None:
        self._drafts = drafts
        self._looked_at: dict[str, int] = {}
        self._shown = ""

    def begin(self, path: str, number: int) -> None:
        """Take note of a new draft of a file, which is shown."""
        self._shown = path
        self.note(path, number, is_new=True)
        self.show(number)

    def note(self, path: str, number: int, *, is_new: bool) -> None:
        """Take note of the draft of a file, whose sheet may be closed by now."""
        if is_new:
            self._looked_at[path] = number
            self._drafts.keep(str(number), {})

    def show(self, number: int) -> None:
        """Take note that a draft is shown."""
        if self._drafts.of(str(number)) is None:
            self._drafts.keep(str(number), {})
        self._drafts.take_up(str(number))

    def only_looked_at(self, path: str) -> int | None:
        """Return the draft of a file in which nothing was changed, once."""
        return self._looked_at.pop(path, None)

    def numbers(self) -> list[int]:
        """Return the drafts that this window brought in, the one that was shown last first."""
        return [int(name) for name in reversed(self._drafts.names())]

    def change(self, *_what: object) -> None:
        """Take note that the person changed something in the draft that is shown."""
        self._looked_at.pop(self._shown, None)

    def forget(self, numbers: Iterable[int]) -> None:
        """Leave drafts as they are: they are gone, sent, or opened by themselves."""
        gone = set(numbers)
        self._looked_at = {path: n for path, n in self._looked_at.items() if n not in gone}

    def typed(self, number: int) -> dict[str, Any] | None:
        """Return what is typed in a row of a draft and not taken."""
        return (self._drafts.of(str(number)) or {}).get(TYPED)

    def type(self, number: int, typed: dict[str, Any] | None) -> None:
        """Keep what is typed in a row of a draft; with ``None``, nothing."""
        self._set(number, TYPED, typed)

    def correct(
        self, number: int, row: int, path: str, value: object, columns: Mapping[str, str | None]
    ) -> None:
        """Take note that a row of a draft was corrected while its columns were matched so."""
        corrected = self._corrected(number)
        of_row = corrected.get(str(row), {})
        told = {"value": value, "columns": columns_of(path, columns)}
        self._set(number, CORRECTED, {**corrected, str(row): {**of_row, path: told}})

    def corrections(self, number: int, columns: Mapping[str, str | None]) -> CorrectedValues:
        """Return what stands of the corrected values of a draft whose columns are matched so."""
        values: dict[int, dict[str, Any]] = {}
        unused = 0
        for row, of_row in self._corrected(number).items():
            for path, told in of_row.items():
                if set(told["columns"]) <= set(columns_of(path, columns)):
                    values.setdefault(int(row), {})[path] = told["value"]
                else:
                    unused += 1
        return CorrectedValues(values, unused)

    def is_to_read(self, number: int) -> bool:
        """Tell whether some rows of a draft may be as its columns were matched before."""
        return TO_READ in (self._drafts.of(str(number)) or {})

    def mark_to_read(self, number: int, is_to_read: bool) -> None:
        """Take note that the rows of a draft are to be read once more, or that they are read."""
        self._set(number, TO_READ, is_to_read or None)

    def _corrected(self, number: int) -> dict[str, dict[str, Any]]:
        corrected: dict[str, dict[str, Any]]
        corrected = (self._drafts.of(str(number)) or {}).get(CORRECTED, {})
        return corrected

    def _set(self, number: int, key: str, value: object) -> None:
        known = self._drafts.of(str(number))
        if known is not None:
            draft = {each: kept for each, kept in known.items() if each != key}
            self._drafts.keep(str(number), draft if value is None else {**draft, key: value})


def columns_of(path: str, columns: Mapping[str, str | None]) -> list[str]:
    """Return the headers of the columns that make the value at a path of an item."""
    makes: set[str] = {target_of(path)}
    if Target.NAME in makes:
        makes.add(Target.FIRST_NAME)
    return [header for header, target in columns.items() if target in makes]
