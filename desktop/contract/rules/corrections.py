"""Corrections: values that a person typed in place of the values of a row or an item.

A correction belongs to the value that it replaced. When the row is read again and still has that
value, the correction is applied again; otherwise it stays with the row, unused.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from desktop.contract.batches import SKIP, Change, CheckData
from desktop.contract.do_not_send import SEND_ANYWAY

OF_BATCH: Final = frozenset({SEND_ANYWAY, SKIP})
"""Paths of what a person decides about a row of one batch: it is no value of the spreadsheet."""


class Correction(NamedTuple):
    """The value at ``path`` of an item, as ``read`` and as ``typed``; ``None`` means no value.

    The path is a key of the item, or a key and an inner key with a dot between. A correction whose
    typed value equals the read one also counts: it overrides an earlier correction of the item.
    """

    path: str
    read: Any
    typed: Any

    @property
    def is_as_read(self) -> bool:
        """Whether the typed value equals the read one."""
        return bool(self.read == self.typed)

    @property
    def is_value(self) -> bool:
        """Whether it changes a value of the spreadsheet."""
        return self.path not in OF_BATCH and not self.is_as_read


def corrections_in(stored: str | None) -> list[Correction]:
    """Parse the stored corrections of a row."""
    return [Correction(*each) for each in json.loads(stored)] if stored else []


def stored_form(corrections: Sequence[Correction]) -> str | None:
    """Write corrections for the store; ``None`` if there are none."""
    return json.dumps(corrections, ensure_ascii=False) if corrections else None


def is_used(correction: Correction, item: Mapping[str, Any]) -> bool:
    """Tell whether an item has the typed value."""
    return bool(value_at(item, correction.path) == correction.typed)


def fits(correction: Correction, item: Mapping[str, Any]) -> bool:
    """Tell whether an item has the replaced value."""
    return bool(value_at(item, correction.path) == correction.read)


def with_corrections(read: Mapping[str, Any], known: Iterable[Correction]) -> dict[str, Any]:
    """Apply the corrections that fit to an item that was read."""
    other = [each for each in known if fits(each, read) and not each.is_as_read]
    return with_values(read, {each.path: each.typed for each in other})


def as_it_leaves(item: Mapping[str, Any], data: CheckData) -> dict[str, Any]:
    """Return the item of a row with the corrections that its check has ``kept``."""
    kept = [Correction(e["field"], e["before"], e["after"]) for e in data.get("kept", ())]
    return with_corrections(item, kept) if kept else dict(item)


def as_read(item: Mapping[str, Any], corrections: Sequence[Correction]) -> dict[str, Any]:
    """Return an item without its corrections."""
    used = [each for each in corrections if is_used(each, item) and not each.is_as_read]
    return with_values(item, {each.path: each.read for each in used})


def corrected_again(
    before: Mapping[str, Any],
    known: Sequence[Correction],
    now: Mapping[str, Any],
    typed: Collection[str] = (),
) -> list[Correction]:
    """List the corrections of a row that a person changes to ``now``.

    A value whose path is in ``typed`` gets a correction even if it equals the read one.
    """
    read = as_read(before, known)
    old, new = _flat(read), _flat(now)
    made = [
        Correction(path, old.get(path), new.get(path))
        for path in dict.fromkeys([*old, *new, *typed])
        if old.get(path) != new.get(path) or path in typed
    ]
    paths = {each.path for each in made}
    left = [each for each in known if each.path not in paths]
    return [*made, *(each for each in left if each.is_as_read or not is_used(each, before))]


def changes_by(item: Mapping[str, Any], corrections: Iterable[Correction]) -> list[Change]:
    """List the corrections that an item has, as changes."""
    return as_changes(e for e in corrections if e.is_value and is_used(e, item))


def as_changes(corrections: Iterable[Correction]) -> list[Change]:
    """Return corrections as the API writes them."""
    return [Change(field=each.path, before=each.read, after=each.typed) for each in corrections]


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in item.items():
        inner = {f"{key}.{k}": v for k, v in value.items()} if isinstance(value, Mapping) else None
        found |= {key: value} if inner is None else inner
    return {path: value for path, value in found.items() if value is not None}


def value_at(item: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path of an item; ``None`` if it has none."""
    return _flat(item).get(path)


def with_values(item: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item with other values by their paths; ``None`` takes one away.

    The item stays as it is; what does not change is shared with it.
    """
    changed = {**item}
    for path, value in values.items():
        key, _, inner = path.partition(".")
        place, name = (changed, key) if not inner else (_own(changed, key), inner)
        if value is None:
            place.pop(name, None)
        else:
            place[name] = value
    return changed


def _own(item: dict[str, Any], key: str) -> dict[str, Any]:
    """Give an item an inner object of its own, which can be changed."""
    before = item.get(key)
    own: dict[str, Any] = {**before} if isinstance(before, Mapping) else {}
    item[key] = own
    return own
