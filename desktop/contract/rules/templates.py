"""Templates as both processes know them: their names, and the fields that a message can have."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

DEFAULT: Final = "confirmation"
"""The template of an item that names none."""
NAME_LIMIT: Final = 100
"""Characters of a template's name."""
NAME_RULE: Final = (
    f"A template's name has at most {NAME_LIMIT} letters, digits, blanks and - _ ( ) + & , ' ."
)
RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""
ALL_FIELDS: Final = "all_fields"
"""The fields of the item, each on a line of its own."""
STANDARD: Final = (
    *("number", "title", "name", "first_name", "last_name", "email", "note"),
    ALL_FIELDS,
)
"""Every item has these; they go before a field of the item with the same name."""


def field_key(name: str) -> str:
    """Return a field's name as names are compared: without case, ``_`` and ``-`` as blanks."""
    key = " ".join(name.replace("_", " ").replace("-", " ").split()).casefold()
    return _ALSO_CALLED.get(key, key)


def is_template_name(name: str) -> bool:
    """Tell whether a template can have this name: it is a file's name on every system."""
    return (
        len(name) <= NAME_LIMIT
        and _NAME.fullmatch(name) is not None
        and RESERVED.fullmatch(name) is None
        and unicodedata.normalize("NFC", name) == name
    )


_ALSO_CALLED: Final = {
    "e mail": "email",
    **dict.fromkeys(("vorname", "given name", "forename", "firstname"), "first name"),
    **dict.fromkeys(
        ("nachname", "familienname", "surname", "family name", "lastname"), "last name"
    ),
}
"""What columns of spreadsheets call standard fields, so these stand under both names."""
_NAME: Final = re.compile(r"[\w-](?:[\w ()+&,'’.-]*[\w)'’-])?")
