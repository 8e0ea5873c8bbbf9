"""The letterhead in its files: what all letters share, read and written beside the templates.

::

    templates/letterhead.toml   name, line, colour, signature
    templates/letterhead.png    the logo
"""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.rules.letters import COLOUR, LOGO_LIMIT, LOGO_SIDE
from desktop.mail.errors import BadTemplate, unread
from desktop.mail.templates.letter import Letterhead, png_size
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from desktop.mail.files import Files

WORDS: Final = "letterhead.toml"
PICTURE: Final = "letterhead.png"
PLACES: Final = (WORDS, PICTURE)
LINE_LIMIT: Final = 200
"""Characters of the name and of the second line."""
SIGNATURE_LIMIT: Final = 2000
"""Characters."""


class BadLetterhead(BadTemplate):
    """A part of the letterhead cannot be used; ``part`` is its name."""

    def __init__(self, part: str, reason: str, **about: Any) -> None:
        super().__init__(reason, **about)
        self.part = part


def read_letterhead(files: Files) -> Letterhead:
    """Read the letterhead, empty if there is none; raises ``BadTemplate`` or ``Unread``."""
    try:
        words = files.read(WORDS).decode() if files.has(WORDS) else ""
        logo = files.read(PICTURE) if files.has(PICTURE) else b""
    except OSError as error:
        raise unread("The letterhead", error) from error
    except UnicodeDecodeError as error:
        raise BadTemplate("no_utf8", file=files.where(WORDS)) from error
    try:
        known = asdict(Letterhead()).keys() - {"logo"}
        found = {name: str(value) for name, value in tomllib.loads(words).items() if name in known}
    except tomllib.TOMLDecodeError as error:
        why = ENGLISH.say("file", "unread", file=files.where(WORDS), why=error)
        raise BadTemplate(why) from error
    head = Letterhead(**found, logo=logo)
    check_letterhead(head)
    return head


def check_letterhead(head: Letterhead) -> None:
    """Raise ``BadLetterhead`` for a part that letters cannot show."""
    if head.colour and not COLOUR.fullmatch(head.colour):
        raise BadLetterhead("colour", "colour")
    limits = {"name": LINE_LIMIT, "line": LINE_LIMIT, "signature": SIGNATURE_LIMIT}
    for part, limit in limits.items():
        text: str = getattr(head, part)
        if len(text) > limit:
            raise BadLetterhead(part, "too_many_characters", n=limit)
        if part != "signature" and "\n" in text:
            raise BadLetterhead(part, "one_line")
    try:
        size = png_size(head.logo) if head.logo else (0, 0)
    except ValueError:
        raise BadLetterhead("logo", "no_png") from None
    if max(size) > LOGO_SIDE or len(head.logo) > LOGO_LIMIT:
        raise BadLetterhead("logo", "logo_size", side=LOGO_SIDE, size=LOGO_LIMIT // 1024)


def write_letterhead(files: Files, head: Letterhead) -> None:
    """Write the letterhead; raises ``BadLetterhead`` or ``OSError``."""
    import tomlkit

    check_letterhead(head)
    words = {name: value for name, value in asdict(head).items() if name != "logo"}
    if head.logo:
        files.write(PICTURE, head.logo)
    else:
        files.remove(PICTURE)
    files.write(WORDS, tomlkit.dumps(words).encode())
