"""The outbox asks for each wish with one key until it is answered, refused, or has ended."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThreadPool

from desktop.gui.link import outbox as outbox_module
from desktop.gui.link.drafts import DraftBox, DraftItem
from desktop.gui.link.jobs import ApiSource, Jobs
from desktop.gui.link.outbox import Outbox, Posted, Wish, WishState
from sendoff_tasks.client.errors import BackendBusy, BackendGone, ClientError, TooSlow
from tests import WITHIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.client.api import Api

BUSY = BackendBusy("Sendoff is busy.", retry_after=0.0)
REFUSED = ClientError("No.")


class Backend:
    """Answers a wish with its name; first come these errors, and it waits while it is closed."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = [*errors]
        self.heard = list[tuple[str, str]]()
        self.is_open = threading.Event()
        self.is_open.set()

    def ask(self, name: str, _: Api, key: str) -> str:
        self.heard.append((name, key))
        assert self.is_open.wait(WITHIN)
        if self.errors:
            raise self.errors.pop(0)
        return name

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.heard]


@dataclass
class Desk:
    """An outbox with what stands behind it, and all that it has told."""

    folder: Path
    jobs: Jobs
    qtbot: QtBot
    backend: Backend = field(default_factory=Backend)
    told: list[tuple[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pool = QThreadPool(maxThreadCount=1)
        self.box = DraftBox(self.folder)
        here: Any = self.backend
        self.source = ApiSource(self.jobs, here)
        self.owner = QObject()
        box_jobs = Jobs(self.pool, partial(self.tell, "disk"))
        refused = partial(self.tell, "shown")
        self.outbox = Outbox(self.source, self.box, box_jobs, refused, self.owner)
        self.outbox.ended.connect(partial(self.tell, "over"))

    def tell(self, name: str, what: object = None) -> None:
        self.told.append((name, what))

    def put(self, name: str, **given: Any) -> Posted[str]:
        wish: Wish[str] = Wish(partial(self.backend.ask, name), **given)
        names = ("answered", "refused", "away", "ended")
        return self.outbox.put(wish, *(partial(self.tell, each) for each in names))

    def until_told(self, *names: str) -> None:
        self.qtbot.waitUntil(lambda: [name for name, _ in self.told] == [*names])

    def be_away(self) -> None:
        self.source.api = None

    def be_back(self) -> None:
        self.source.api = self.backend  # type: ignore[assignment]
        self.source.go_on()

    def kept(self) -> list[str]:
        self.qtbot.waitUntil(lambda: self.pool.activeThreadCount() == 0)
        return [each.key for each in self.box.load().submissions]


@pytest.fixture
def desk(tmp_path: Path, jobs: Jobs, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path, jobs, qtbot)
    yield made
    jobs.cancel_all()
    made.pool.waitForDone()


def kept_item() -> DraftItem:
    return DraftItem(None, {}, {})


def test_wish_is_asked_with_one_key_each_time(desk: Desk) -> None:
    desk.backend.errors = [TooSlow(), BUSY, TooSlow()]
    posted = desk.put("cancel")
    states = [posted.state]
    desk.until_told("away", "answered")
    assert desk.backend.heard == [("cancel", posted.wish.key)] * 4
    assert [*states, posted.state] == [WishState.ASKED, WishState.ANSWERED]
    assert desk.put("cancel").wish.key != posted.wish.key


def test_refused_wish_is_not_asked_again(desk: Desk) -> None:
    desk.backend.errors = [REFUSED]
    posted = desk.put("cancel")
    desk.until_told("refused")
    assert (posted.state, desk.outbox.unanswered) == (WishState.REFUSED, 0)
    desk.backend.errors = [REFUSED]
    desk.outbox.put(Wish(partial(desk.backend.ask, "pause")))
    desk.until_told("refused", "shown")
    desk.be_back()
    assert desk.backend.names == ["cancel", "pause"]


def test_wish_waits_while_the_backend_is_away(desk: Desk) -> None:
    desk.be_away()
    posted = desk.put("cancel")
    other = desk.outbox.put(Wish(partial(desk.backend.ask, "pause")))
    assert {posted.state, other.state} == {WishState.AWAY}
    desk.until_told("away")
    assert (desk.outbox.unanswered, desk.outbox.untold) == (2, 1)
    desk.be_back()
    desk.until_told("away", "answered")
    desk.qtbot.waitUntil(lambda: not desk.outbox.unanswered)
    assert {*desk.backend.names} == {"cancel", "pause"}


def test_wish_whose_backend_ends_meanwhile_is_asked_of_the_next(desk: Desk) -> None:
    desk.backend.errors = [BackendGone()]
    desk.backend.is_open.clear()
    desk.put("cancel")
    desk.qtbot.waitUntil(lambda: desk.backend.names == ["cancel"])
    following = desk.backend
    desk.source.api = object()  # type: ignore[assignment]
    following.is_open.set()
    desk.until_told("away", "answered")


def test_wish_that_is_long_without_an_answer_waits_for_the_backend(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is still being asked: nothing has failed that could say so."""
    monkeypatch.setattr(outbox_module, "SLOW_S", 0)
    desk.backend.is_open.clear()
    desk.put("its owner says so")
    pause: Wish[str] = Wish(partial(desk.backend.ask, "pause"), about="mail")
    desk.outbox.put(pause)
    desk.qtbot.waitUntil(lambda: desk.outbox.untold == 1)
    desk.outbox.put(replace(pause, ask=partial(desk.backend.ask, "resume")))
    assert desk.outbox.untold == 1  # the newest alone
    desk.backend.is_open.set()
    desk.until_told("answered")
    desk.qtbot.waitUntil(lambda: not desk.outbox.unanswered)
    assert desk.outbox.untold == 0
    assert desk.backend.names[2] == "resume"


def test_late_answer_tells_all_that_the_backend_is_there(desk: Desk) -> None:
    desk.source.once_back("another", partial(desk.tell, "back"))
    desk.backend.errors = [TooSlow()]
    desk.put("cancel")
    desk.until_told("away", "back", "answered")


def test_newest_wish_about_the_same_counts(desk: Desk) -> None:
    desk.be_away()
    for name in ("red", "blue"):
        newest = desk.put(name, about="color")
    desk.put("five", about="size")
    assert desk.outbox.newest("color") is newest.wish
    desk.be_back()
    desk.qtbot.waitUntil(lambda: not desk.outbox.unanswered)
    assert sorted(desk.backend.names) == ["blue", "five"]
    assert desk.outbox.newest("color") is None


def test_newest_wish_follows_one_under_way(desk: Desk) -> None:
    desk.backend.is_open.clear()
    desk.put("red", about="color")
    desk.qtbot.waitUntil(lambda: desk.backend.names == ["red"])
    for name in ("blue", "green"):
        desk.put(name, about="color")
    desk.backend.is_open.set()
    desk.until_told("answered")
    assert desk.told == [("answered", "green")]
    assert desk.backend.names == ["red", "green"]


@pytest.mark.parametrize("error", [TooSlow(), BackendGone(), BUSY])
def test_withdrawn_wish_is_asked_no_more(desk: Desk, error: Exception) -> None:
    desk.backend.errors = [error]
    desk.backend.is_open.clear()
    for name in ("red", "five", "six"):
        desk.put(name, about=name, line="changes")
    desk.qtbot.waitUntil(lambda: desk.backend.names == ["red"])
    for about in ("red", "six"):
        desk.outbox.withdraw(about)
    desk.backend.is_open.set()
    desk.until_told("ended", "over", "answered")
    assert desk.backend.names == ["red", "five"]


def test_wishes_of_a_line_go_one_after_the_other(desk: Desk) -> None:
    desk.backend.errors = [REFUSED, TooSlow(), BUSY]
    for name in ("first", "second", "third"):
        desk.put(name, line="items")
    desk.qtbot.waitUntil(lambda: not desk.outbox.unanswered)
    assert desk.backend.names == ["first", "second", "second", "second", "third"]
    told = [name for name, _ in desk.told]
    assert told == ["refused", "away", "away", "answered", "answered"]


def test_unanswered_wish_ends_and_can_be_asked_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "WAITS_S", 0)
    desk.be_away()
    posted = desk.put("cancel")
    desk.until_told("away", "ended", "over")
    assert desk.told[-1] == ("over", posted)
    assert (posted.state, desk.outbox.tries[posted.wish.key]) == (WishState.AWAY, 0)
    desk.be_back()
    assert not desk.backend.heard
    monkeypatch.setattr(outbox_module, "WAITS_S", 60)
    desk.outbox.put_again(posted)
    desk.until_told("away", "ended", "over", "answered")
    assert desk.backend.heard == [("cancel", posted.wish.key)]


def test_wish_that_a_person_asks_again_for_counts_as_repeated(desk: Desk) -> None:
    desk.backend.errors = [REFUSED]
    desk.put("run", key="k")
    desk.until_told("refused")
    assert desk.outbox.tries["k"] == 1
    desk.put("run", key="k")
    desk.until_told("refused", "answered")
    assert desk.outbox.tries["k"] == 2


@pytest.mark.parametrize("error", [TooSlow(), BackendGone(), BUSY])
def test_wish_that_is_never_answered_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(outbox_module, "WAITS_S", 0)
    desk.backend.errors = [error] * 100
    posted = desk.put("cancel")
    desk.qtbot.waitUntil(lambda: bool(desk.told) and desk.told[-1][0] == "over")
    assert desk.outbox.unanswered == 0
    assert desk.outbox.tries[posted.wish.key] == 1


def test_wish_whose_owner_is_deleted_is_asked_but_not_told(desk: Desk) -> None:
    owner = QObject()
    wish: Wish[str] = Wish(partial(desk.backend.ask, "cancel"))
    desk.backend.is_open.clear()
    desk.outbox.put(wish, lambda _: owner.objectName())
    shiboken6.delete(owner)
    desk.backend.is_open.set()
    desk.qtbot.waitUntil(lambda: not desk.outbox.unanswered)
    assert desk.backend.names == ["cancel"]


def test_kept_wish_is_on_disk_from_before_it_is_asked_until_its_answer(desk: Desk) -> None:
    item = kept_item()
    seen = list[list[str]]()

    def ask(_: Api, key: str) -> str:
        seen.append([each.key for each in desk.box.load().submissions])
        return key

    desk.outbox.put(Wish(ask, item.key, kept=item), partial(desk.tell, "answered"))
    desk.until_told("answered")
    assert seen == [[item.key]]
    desk.qtbot.waitUntil(lambda: not desk.kept())


def test_only_a_kept_wish_outlives_its_window(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    item = kept_item()
    desk.be_away()
    desk.put("cancel")
    desk.put("submit", key=item.key, kept=item)
    desk.until_told("away", "away")
    assert (desk.outbox.saved, desk.outbox.unanswered) == (1, 1)
    shiboken6.delete(desk.owner)

    following = Desk(desk.folder, jobs, qtbot)
    (left,) = following.box.load().submissions
    assert left == item
    following.put("submit", key=left.key, kept=left)
    following.until_told("answered")
    assert following.backend.heard == [("submit", item.key)]
    qtbot.waitUntil(lambda: not following.kept())
    assert following.outbox.tries[left.key] == 2  # the earlier window may have had the answer


def test_kept_wish_that_is_refused_stays_on_disk(desk: Desk) -> None:
    item = kept_item()
    desk.backend.errors = [REFUSED]
    desk.put("submit", key=item.key, kept=item)
    desk.until_told("refused")
    assert desk.kept() == [item.key]


def test_kept_wish_ends_when_its_key_does_not_count_any_more(desk: Desk) -> None:
    item = DraftItem(None, {}, {}, since=0)
    desk.put("submit", key=item.key, kept=item)
    desk.until_told("ended")
    assert not desk.backend.heard
    assert desk.kept() == [item.key]


def test_kept_wish_that_cannot_be_written_is_refused(desk: Desk) -> None:
    desk.folder.rmdir()
    item = kept_item()
    desk.put("submit", key=item.key, kept=item)
    desk.until_told("refused")
    assert isinstance(desk.told[0][1], OSError)
    assert not desk.backend.heard
    desk.folder.mkdir()


def test_kept_wish_is_not_away_before_it_is_on_disk(desk: Desk) -> None:
    desk.be_away()
    first, second = kept_item(), kept_item()
    desk.put("submit", key=first.key, kept=first, line="items")
    desk.until_told("away")
    shutil.rmtree(desk.folder)
    desk.put("submit", key=second.key, kept=second, line="items")
    desk.until_told("away", "refused")
    assert isinstance(desk.told[1][1], OSError)
    desk.folder.mkdir()


def test_kept_wishes_of_a_forgotten_person_are_dropped(desk: Desk) -> None:
    ada, bo = (
        DraftItem(None, {"recipient": {"email": f"{name}@example.org"}}, {})
        for name in ("Ada", "bo")
    )
    aside = DraftItem(None, ada.body, {}, aside="It was refused.")
    desk.box.save(aside)
    desk.be_away()
    for item in (ada, bo):
        desk.put("submit", key=item.key, kept=item)
    desk.until_told("away", "away")
    desk.outbox.forget("ada@example.org")
    desk.qtbot.waitUntil(lambda: desk.kept() == [bo.key])
    desk.be_back()
    desk.until_told("away", "away", "answered")
    assert desk.backend.heard == [("submit", bo.key)]


def test_kept_wish_that_is_withdrawn_leaves_the_disk(desk: Desk) -> None:
    item = kept_item()
    desk.be_away()
    desk.put("submit", key=item.key, kept=item, about="item")
    desk.until_told("away")
    desk.outbox.withdraw("item")
    desk.qtbot.waitUntil(lambda: not desk.kept())
    desk.be_back()
    assert not desk.backend.heard
