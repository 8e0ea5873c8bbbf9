"""Who the items in the pictures are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.screenshots.mail_server import GREYLISTED, SILENT, SLOW, UNKNOWN

if TYPE_CHECKING:
    from desktop.contract.items import NewItem

FIRST: Final = ("Ada", "Bo", "Cy", "Dee", "Fay", "Gus", "Hana", "Ian", "Lea", "Noor", "Tove")
LAST: Final = ("Adler", "Bauer", "Duarte", "Fontaine", "Ito", "Kowalski", "Lin", "Moreau")
TITLES: Final = ("Summer concert", "Guided tour", "Membership 2027", "Workshop, two seats")


def everyday(number: int) -> NewItem:
    """Make the item of a person whose mail arrives."""
    first, last = FIRST[number % len(FIRST)], LAST[number * 5 % len(LAST)]
    return {
        "title": TITLES[number % len(TITLES)],
        "recipient": {"name": f"{first} {last}", "email": f"{first.lower()}@example.org"},
    }


def special(name: str, domain: str, title: str = TITLES[0]) -> NewItem:
    """Make the item of a person whose mail server has manners of its own."""
    local = name.split()[0].lower()
    return {"title": title, "recipient": {"name": name, "email": f"{local}{domain}"}}


TROUBLED: Final = (
    special("Eli Novak", SILENT),
    special("Dee Park", UNKNOWN, TITLES[2]),
    special("Bo Chen", GREYLISTED),
)
UNDER_WAY: Final = (
    special("Jonas Weber", SLOW, TITLES[1]),
    special("Mia Okafor", SLOW, TITLES[3]),
)
