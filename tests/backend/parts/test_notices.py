"""The backend's own notices: those that hold now, and who hears of new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.backend.parts.notices import Notices

if TYPE_CHECKING:
    from desktop.contract.events import Notice


def notice(name: str, text: str = "Something.") -> Notice:
    return {"id": name, "level": "info", "text": text, "action": None, "active": True}


def test_what_was_told_holds_until_it_is_taken_back() -> None:
    notices = Notices()
    notices.tell(notice("a"))
    notices.tell(notice("b"))
    notices.tell(notice("a", "Something else."))
    assert notices.active == [notice("a", "Something else."), notice("b")]
    notices.take_back("a")
    assert notices.active == [notice("b")]


def test_hearers_are_told_each_change_once() -> None:
    notices, heard = Notices(), list[tuple[str, bool]]()
    stop = notices.on_notice(lambda told: heard.append((told["id"], told["active"])))
    notices.tell(notice("a"))
    notices.take_back("a")
    notices.take_back("a")
    notices.take_back("never")
    assert heard == [("a", True), ("a", False)]
    stop()
    notices.tell(notice("b"))
    assert len(heard) == 2
