"""Merging: a row that is imported again, combined with a person's corrections of its item.

A value that the spreadsheet has not changed since its last import stays corrected. A value that it
has changed is taken from the spreadsheet, even where it was corrected.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from desktop.contract.batches import CheckData
from desktop.contract.rules.corrections import (
    Correction,
    as_changes,
    corrected_again,
    corrections_in,
    fits,
    is_used,
    value_at,
    with_corrections,
    with_values,
)
from desktop.contract.rules.times import wire_time
from desktop.engine.store.tables.statements import TASKS_OF_ITEM
from desktop.engine.transaction.group import Group
from desktop.items.batches.identity import content_of
from desktop.items.current_items import corrected
from desktop.items.tables import batch_statements as statements
from desktop.items.tables.batch_records import PLAIN, RowRecord, item_of, plain_of


class Merged(NamedTuple):
    """An item ``before`` and ``after`` a row corrects it.

    The row keeps some corrections (``kept``) and replaces others (``replaced``), the last of which
    was made ``at`` epoch ms.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    kept: Sequence[Correction] = ()
    replaced: Sequence[Correction] = ()
    at: int = 0
    is_taken_back: bool = False
    """Whether a person typed the spreadsheet's value in place of a correction."""

    @property
    def changes_nothing(self) -> bool:
        """Whether the item was corrected to what the row says."""
        return bool(self.at) and content_of(self.before) == content_of(self.after)

    def about(self) -> CheckData:
        """Return the part of the row's check that concerns corrections."""
        data = CheckData()
        if self.kept:
            data["kept"] = as_changes(self.kept)
        if self.replaced:
            data["replaced"] = as_changes(self.replaced)
            data["newer"] = wire_time(self.at)
        return data


def merge(group: Group, number: int | None, imported: Mapping[str, Any], row: RowRecord) -> Merged:
    """Merge a row into item ``number``, whose first body ``imported`` is."""
    said = _as_imported(item_of(row), plain_of(row), imported)
    found = None if number is None else corrected(group, number)
    if number is None or found is None:
        return Merged(imported, said)
    now, at = json.loads(found[1]), found[3]
    made = _corrections_of(imported, now)
    if made:  # the last import may have been another batch
        made = _corrections_of(_last_import(group, number) or imported, now)
    if not made:
        return Merged(now, said)
    typed = {each.path for each in corrections_in(row.corrections) if each.is_as_read}
    kept = [each for each in made if fits(each, said) and each.path not in typed]
    replaced = [each for each in made if each not in kept and not is_used(each, said)]
    is_taken_back = any(each.path in typed for each in replaced)
    return Merged(now, with_corrections(said, kept), kept, replaced, at, is_taken_back)


def _as_imported(
    said: dict[str, Any], plain: Mapping[str, str], imported: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an item with the imported values where only a number format makes a difference."""
    former: Mapping[str, str] = imported.get(PLAIN, {})
    before = {path: value_at(imported, path) for path in (*plain, *former)}
    same = {
        path: value
        for path, value in before.items()
        if former.get(path, value) == plain.get(path, value_at(said, path))
    }
    return with_values(said, same) if same else said


def _corrections_of(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Correction]:
    """Return the corrections of an item: of its title, its recipient and its fields."""
    return [
        each
        for each in corrected_again(before, (), now)
        if each.path.partition(".")[0] in {"title", "recipient", "fields"}
        and (each.read or None) != (each.typed or None)
    ]


def _last_import(group: Group, number: int) -> Mapping[str, Any] | None:
    """Return the row of the last spreadsheet that changed an item."""
    places = [
        (task.batch_id, task.batch_row)
        for task in group.select(TASKS_OF_ITEM, number)
        if task.batch_id is not None
    ]
    found = group.cursor.execute(statements.ROW, places[-1]).fetchone() if places else None
    item: dict[str, Any] | None = None if found is None else json.loads(RowRecord(*found).item)
    return item
