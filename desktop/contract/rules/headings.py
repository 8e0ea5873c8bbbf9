"""Which standard field stands under the heading of each column of a spreadsheet, as in mail merges.

A column that became a name or an address is no field of the item; ``{{ E-Mail-Adresse }}`` in a
template is the recipient's address all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.contract.rules.templates import STANDARD, field_key

if TYPE_CHECKING:
    from collections.abc import Mapping

_TARGETS: Final = frozenset({"number", "title", "name", "first_name", "email", "note"})
_KNOWN: Final = frozenset(map(field_key, STANDARD))


def headings_of(columns: Mapping[str, str | None]) -> dict[str, str]:
    """Return, by the headings of a batch's ``columns``, the standard fields they stand for.

    Headings that are a standard field's own name are left out.
    """
    became = set(columns.values())
    parts = {"name": "last_name" if "first_name" in became else "name"}
    if "name" not in became:
        parts["first_name"] = "name"  # the only part there is, whole
    return {
        heading: parts.get(target, target)
        for heading, target in columns.items()
        if target in _TARGETS and field_key(heading) not in _KNOWN
    }
