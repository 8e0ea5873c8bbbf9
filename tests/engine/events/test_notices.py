"""The notice board: what holds now, and the listeners that hear of each change."""

from __future__ import annotations

from pathlib import Path

from desktop.contract.events import Notice
from desktop.engine.events.notices import BACKUP, STORE, Notices
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry


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


def test_a_listener_that_fails_costs_no_other_its_notice() -> None:
    notices, heard = Notices(), list[str]()

    def fail(_: Notice) -> None:
        raise ZeroDivisionError

    notices.on_notice(fail)
    notices.on_notice(lambda told: heard.append(told["id"]))
    notices.tell(notice("a"))
    assert heard == ["a"]


def test_the_engine_s_own_end_with_it_and_others_stay(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "sendoff.db", Registry(), lanes=False)
    for name in ("own tasks bell.py", BACKUP, STORE):
        engine.board.tell(notice(name))
    engine.start()
    assert [told["id"] for told in engine.notices()] == ["own tasks bell.py", BACKUP, STORE]
    engine.stop()
    assert [told["id"] for told in engine.board.active] == ["own tasks bell.py"]


def test_a_file_name_that_is_no_valid_utf_8_is_told_as_text() -> None:
    notices, heard = Notices(), list[Notice]()
    notices.on_notice(heard.append)
    notices.tell(notice("own tasks r\udce9sum\udce9.py", "r\udce9sum\udce9.py is broken."))
    notices.take_back("own tasks r\udce9sum\udce9.py")
    assert notices.active == []
    assert [told["active"] for told in heard] == [True, False]
    assert {told["text"] for told in heard} == {"r\ufffdsum\ufffd.py is broken."}
    assert all(told["id"].encode() for told in heard)
