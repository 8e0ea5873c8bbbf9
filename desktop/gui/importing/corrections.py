"""What a person typed into rows of a draft, in place of what the spreadsheet says there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desktop.gui.importing.row_check_words import target_of
from desktop.gui.importing.rows_model import with_value
from desktop.sheets.description import Target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.contract.batches import NewRow


@dataclass(frozen=True, slots=True)
class Corrections:
    """The values that stand, by row and by their path in its item.

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


def columns_of(path: str, columns: Mapping[str, str | None]) -> list[str]:
    """Return the headers of the columns that make the value at a path of an item."""
    makes: set[str] = {target_of(path)}
    if Target.NAME in makes:
        makes.add(Target.FIRST_NAME)
    return [header for header, target in columns.items() if target in makes]
