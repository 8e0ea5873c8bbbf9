"""Compares a row with what was sent before, and with its own spreadsheet: same, changed, twice."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from desktop.contract.batches import (
    BY_ADDRESS,
    BY_NAME,
    SENT_ALWAYS,
    BatchKey,
    Change,
    CheckData,
    RowCheck,
    RowOutcome,
    RowProblem,
)
from desktop.contract.items import Informed
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
from desktop.contract.rules.mailbox import Mailbox
from desktop.contract.rules.templates import DEFAULT, FIELD, field_key
from desktop.contract.rules.values import is_same_value
from desktop.items.batches.identity import (
    changes_between,
    content_of,
    has_another_name,
    identity_of,
    is_another_person,
    person_in,
    template_of,
)
from desktop.items.batches.rows import BatchesUnderWay, number_of, read_batch, read_rows, row_of
from desktop.items.correcting import corrected, current_item
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import PLAIN, BatchRecord, RowRecord, item_of, plain_of
from desktop.items.tables.item_statements import INFORMED, TASKS_OF_ITEM
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.transaction.group import Group


class Verdict(NamedTuple):
    """The result of checking a row: the check, its data, and a problem with the value's path."""

    check: RowCheck
    data: CheckData
    problem: RowProblem | None = None
    path: str | None = None

    def of(self, row: RowRecord) -> RowRecord:
        """Return the row with this verdict."""
        data = json.dumps(self.data, ensure_ascii=False) if self.data else None
        problem = None if self.problem is None else self.problem.value
        return row._replace(checked=self.check.value, data=data, problem=problem, path=self.path)


def compare(
    group: Group, batch: BatchRecord, row: RowRecord, elsewhere: Collection[str | None]
) -> Verdict:
    """Compare a row with the row of the same identity that was started last.

    If rows are recognized by number, an item with that number counts as well. ``elsewhere`` are the
    identities that another batch has, too.
    """
    earlier = None
    if row.identity in elsewhere:
        earlier = _find(group, statements.EARLIER, row.identity, row.batch_id)
    if earlier is None:
        earlier = _find_corrected(group, batch, row) or _find_person(group, batch, row)
    if earlier is None:
        return _not_sent(group, batch, row, elsewhere)
    return _against_row(group, batch, earlier, row)


def against_first(batch: BatchRecord, first: RowRecord, row: RowRecord) -> Verdict:
    """Compare a row with an earlier one of the same spreadsheet and identity.

    It is the same entry twice, but not for another name at the same address.
    """
    key, before = json.loads(batch.key), item_of(first)
    if key == [*BY_ADDRESS] and has_another_name(before, item_of(row)):
        whose = CheckData(row=first.row, text=str(Mailbox(*person_in(before))))
        return Verdict(RowCheck.PROBLEM, whose, RowProblem.OTHER_PERSON, "recipient.email")
    return Verdict(RowCheck.TWICE, CheckData(row=first.row, key=key))


def identities_elsewhere(group: Group, rows: Sequence[RowRecord]) -> frozenset[str | None]:
    """Return the identities of a batch's rows that another batch has, too; usually none."""
    given = [row.identity for row in rows if row.identity is not None]
    if not given:
        return frozenset()
    found = group.cursor.execute(statements.ELSEWHERE, (json.dumps(given), rows[0].batch_id))
    return frozenset(identity for (identity,) in found)


def compare_again(
    group: Group, batch: BatchRecord, row: RowRecord, elsewhere: Collection[str | None]
) -> Verdict:
    """Compare a row of a started batch again just before it leaves.

    What a later batch says about it prevails, unless practice mode kept that: older values are not
    sent after newer ones.
    """
    own, sent = row.batch_id, None
    if row.identity in elsewhere:
        newer = _find(group, statements.NEWER_WORDS, row.identity, own, own, row.content)
        if newer is not None and _has_left_row(group, newer):
            return Verdict(RowCheck.TWICE, _about(newer))  # ``send_same`` does not send it either
        if newer is None:
            sent = _find(group, statements.SENT_BEFORE, row.identity, own)
    if sent is None and row.checked not in SENT_ALWAYS:
        sent = _find_corrected(group, batch, row) or _find_person(group, batch, row)
    if sent is None:
        return _not_sent(group, batch, row, elsewhere)
    return _against_row(group, batch, sent, row)


def _not_sent(
    group: Group, batch: BatchRecord, row: RowRecord, elsewhere: Collection[str | None]
) -> Verdict:
    """Compare a row that was not sent before with the item that it has.

    That is the item with its number, or of a row with the same identity that was cancelled.
    """
    verdict = _against_item(group, batch, row)
    if verdict != Verdict(RowCheck.READY, CheckData()) or row.identity not in elsewhere:
        return verdict
    stayed = _find(group, statements.CANCELLED_BEFORE, row.identity, row.batch_id)
    number = None if stayed is None else stayed.item_id
    if stayed is None or number is None or not _can_be_sent(group, number):
        return verdict
    imported = json.loads(stayed.item)
    if has_another_name(imported, item_of(row)):
        return verdict
    merged = _merged(group, batch, number, _as_read_now(batch, imported), row)
    return _verdict(_about(stayed), merged, same=True, has_left=False)


def _can_be_sent(group: Group, number: int) -> bool:
    """Tell whether an item is still there, and its message has not left."""
    try:
        item = current_item(group, number)
    except UnknownId:
        return False
    return not item.is_erased and not _has_left(group, number)


def waits_in_later_batch(group: Group, task: TaskRecord) -> bool:
    """Tell whether a batch that was started later has a task's row, too, and is to send it."""
    row = row_of(group, task)
    if row is None or row.identity is None:
        return False
    own = row.batch_id
    return _find(group, statements.WAITING_SINCE, row.identity, own, own) is not None


def _against_row(group: Group, batch: BatchRecord, earlier: RowRecord, row: RowRecord) -> Verdict:
    """Compare a row with an earlier one; a message kept in practice mode counts as not sent."""
    imported = _as_read_now(batch, json.loads(earlier.item))
    merged = _merged(group, batch, earlier.item_id, imported, row)
    said = row.content == earlier.content or _says_the_same(row, imported)
    same = merged.changes_nothing or (said and not merged.is_taken_back)
    has_left = _has_left_row(group, earlier)
    about = _about(earlier)
    if not same:
        taken = _other_person(batch, about, row, merged)
        if taken is not None:
            return taken
        about |= _newer_values(batch, read_batch(group, earlier.batch_id).started_at or 0)
    return _verdict(about, merged, same=same, has_left=has_left)


def _has_left_row(group: Group, row: RowRecord) -> bool:
    """Tell whether a row's message has left, or will; in practice mode, a kept one has."""
    return row.outcome != RowOutcome.KEPT or group.part(BatchesUnderWay).sending.is_practice()


def _merged(
    group: Group,
    batch: BatchRecord,
    number: int | None,
    imported: Mapping[str, Any],
    row: RowRecord,
) -> MergedItem:
    """Merge a row, without the fields whose columns the batch leaves out."""
    merged = merge(group, number, imported, row)
    return merged._replace(before=_as_read_now(batch, merged.before))


def _as_read_now(batch: BatchRecord, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an earlier item without the fields whose columns this batch leaves out.

    Otherwise each row would count as changed, and be sent again, because a column of remarks that
    was sent once is left out now.
    """
    left_out, fields = _left_out(batch.columns), item.get("fields") or {}
    kept = {name: value for name, value in fields.items() if field_key(name) not in left_out}
    return {**item, "fields": kept}


@lru_cache(maxsize=8)
def _left_out(columns: str) -> frozenset[str]:
    """Return the keys of left-out columns; they are read once, not for each row."""
    found: dict[str, str | None] = json.loads(columns)
    return frozenset(field_key(name) for name, target in found.items() if target is None)


def _find_corrected(group: Group, batch: BatchRecord, row: RowRecord) -> RowRecord | None:
    """Return the row whose item was corrected to the address that recognizes this row."""
    key = json.loads(batch.key)
    address = person_in(json.loads(row.item))[1].strip().casefold()
    if key == [BatchKey.NUMBER] or not address:
        return None
    rows = read_rows(group, statements.CORRECTED_TO, address, batch.id)
    for earlier in sorted(rows, key=lambda row: row.task_id or 0, reverse=True):
        found = corrected(group, earlier.item_id or 0)
        if found is None:
            continue
        body = json.loads(found[1])
        template = template_of(body)
        if identity_of(key, template, body) == row.identity:
            return earlier
    return None


def _find_person(group: Group, batch: BatchRecord, row: RowRecord) -> RowRecord | None:
    """Return the row of the same person in a batch that recognizes rows with or without names."""
    other = {BY_ADDRESS: BY_NAME, BY_NAME: BY_ADDRESS}.get(tuple(json.loads(batch.key)))
    if other is None:
        return None
    item = with_values(item_of(row), plain_of(row))
    template = batch.template or DEFAULT
    identity = identity_of(other, template, item)
    found = _find(group, statements.EARLIER, identity, row.batch_id)
    is_other = found is None or has_another_name(json.loads(found.item), item)
    return None if is_other else found


def _newer_values(batch: BatchRecord, at: int) -> CheckData:
    """Return the time of registered values that are newer than this draft, if they are."""
    return CheckData(newer=wire_time(at)) if at > batch.created_at else CheckData()


def _about(other: RowRecord) -> CheckData:
    about = CheckData(batch_id=other.batch_id, row=other.row)
    if other.item_id is not None:
        about["item_id"] = other.item_id
    return about


def _against_item(group: Group, batch: BatchRecord, row: RowRecord) -> Verdict:
    """Compare a row with the item that has its number.

    The row is also the same if it equals the item's first body, which a person has corrected since.
    Another template is another letter. A row never corrects another person's item, because then the
    numbers are equal only by chance.
    """
    number = number_of(row)
    if number is None or json.loads(batch.key) != [BatchKey.NUMBER]:
        return Verdict(RowCheck.READY, CheckData())
    try:
        item = current_item(group, number)
    except UnknownId:
        return Verdict(RowCheck.READY, CheckData())
    about = CheckData(batch_id=None, item_id=number)
    if item.is_erased:
        return Verdict(RowCheck.READY, about)
    first = _as_read_now(batch, json.loads(item.first))
    merged = _merged(group, batch, number, first, row)
    now = merged.before
    said = _says_the_same(row, now) or _says_the_same(row, first)
    same = merged.changes_nothing or (said and not merged.is_taken_back)
    taken = None if same else _other_person(batch, about, row, merged)
    if taken is not None:
        return taken
    if not same and not merged.kept:
        about |= _newer_values(batch, item.corrected_at)
    templates = template_of(now), batch.template or DEFAULT
    if templates[0] == templates[1]:
        return _verdict(about, merged, same=same, has_left=_has_left(group, number))
    changed = _verdict(about, merged, same=False, has_left=True)
    template = Change(field="template", before=templates[0], after=templates[1])
    changed.data["changes"].insert(0, template)
    return changed


def _other_person(
    batch: BatchRecord, about: CheckData, row: RowRecord, merged: MergedItem
) -> Verdict | None:
    """Return a problem if the row would overwrite another person's item.

    Another person has another name and address; if rows are recognized by address, another name is
    enough.
    """
    now, number = merged.before, number_of(row)
    is_by_number = json.loads(batch.key) == [BatchKey.NUMBER] and number is not None
    if not (is_another_person if is_by_number else has_another_name)(now, merged.after):
        return None
    if is_by_number:
        about = CheckData(batch_id=None, item_id=number or 0)
    about |= CheckData(text=str(Mailbox(*person_in(now))))
    path = "item_id" if is_by_number else "recipient.email"
    return Verdict(RowCheck.PROBLEM, about, RowProblem.OTHER_PERSON, path)


def _find(group: Group, statement: str, *given: Any) -> RowRecord | None:
    found = group.cursor.execute(statement, given).fetchone()
    return None if found is None else RowRecord(*found)


def _has_left(group: Group, number: int) -> bool:
    """Tell whether an item's message has left, may have, or will; not if it was cancelled.

    A failed message counts, too, because *retry* handles it. An item without tasks is complete,
    unless they are gone and its person was not informed.
    """
    tasks = [task for task in group.select(TASKS_OF_ITEM, number) if not task.is_copy]

    def stayed(task: TaskRecord) -> bool:
        if task.reason == Reason.KEPT:
            return not group.part(BatchesUnderWay).sending.is_practice()
        return task.state == State.CANCELLED

    if not tasks:
        (informed,) = group.cursor.execute(INFORMED, (number,)).fetchone()
        kept = () if group.part(BatchesUnderWay).sending.is_practice() else (Informed.KEPT,)
        return informed not in {Informed.NO, *kept}
    if not stayed(tasks[-1]):
        return True
    return not all(stayed(task) or task.state == State.FAILED for task in tasks)


def _verdict(about: CheckData, merged: MergedItem, *, same: bool, has_left: bool) -> Verdict:
    about |= merged.about()
    if same:
        return Verdict(RowCheck.SAME if has_left else RowCheck.READY, about)
    about["changes"] = changes_between(merged.before, merged.after)
    may_surprise = has_left or not {"newer", "replaced"}.isdisjoint(about)
    return Verdict(RowCheck.CHANGED if may_surprise else RowCheck.READY, about)


class MergedItem(NamedTuple):
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


def merge(
    group: Group, number: int | None, imported: Mapping[str, Any], row: RowRecord
) -> MergedItem:
    """Merge a row into item ``number``, whose first body ``imported`` is."""
    said = _as_imported(item_of(row), plain_of(row), imported)
    found = None if number is None else corrected(group, number)
    if number is None or found is None:
        return MergedItem(imported, said)
    now, at = json.loads(found[1]), found[3]
    made = _corrections_of(imported, now)
    if made:  # the last import may have been another batch
        made = _corrections_of(_last_import(group, number) or imported, now)
    if not made:
        return MergedItem(now, said)
    typed = {each.path for each in corrections_in(row.corrections) if each.is_as_read}
    kept = [each for each in made if fits(each, said) and each.path not in typed]
    replaced = [each for each in made if each not in kept and not is_used(each, said)]
    is_taken_back = any(each.path in typed for each in replaced)
    return MergedItem(now, with_corrections(said, kept), kept, replaced, at, is_taken_back)


def _as_imported(
    said: dict[str, Any], plain: Mapping[str, str], imported: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an item with the imported values where only a number format makes a difference."""
    same = _same_values(said, plain, imported)
    return with_values(said, {path: value_at(imported, path) for path in same if same[path]})


def _same_values(
    said: Mapping[str, Any], plain: Mapping[str, str], imported: Mapping[str, Any]
) -> dict[str, bool]:
    """Tell of each value that a spreadsheet shows in another way whether it is still the same."""
    former = _plain_in(imported)
    return {
        path: is_same_value(str(before), former.get(path), str(now), plain.get(path))
        if before is not None and now is not None
        else before is now
        for path in (*plain, *former)
        for before, now in [(value_at(imported, path), value_at(said, path))]
    }


def _says_the_same(row: RowRecord, imported: Mapping[str, Any]) -> bool:
    """Tell whether a row says what was imported before, however its spreadsheet shows it."""
    said, plain = item_of(row), plain_of(row)
    return row.content == content_of(imported) or (
        content_of(_as_imported(said, plain, imported)) == content_of(imported)
        and all(_same_values(said, plain, imported).values())
    )


def _plain_in(imported: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the plain values of a stored row, or of the item that was made of it."""
    if PLAIN in imported:
        own: Mapping[str, str] = imported[PLAIN]
        return own
    of_fields: Mapping[str, str] = imported.get("reading", {}).get("plain", {})
    return {f"{FIELD}{name}": value for name, value in of_fields.items()}


def _corrections_of(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Correction]:
    """Return the corrections of an item: of its title, its recipient, its copies and its fields."""
    return [
        each
        for each in corrected_again(before, (), now)
        if each.path.partition(".")[0] in {"title", "recipient", "cc", "bcc", "fields"}
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
