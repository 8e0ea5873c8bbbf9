"""What is typed is in the form, set aside, on its way or registered, once, whatever happens."""

from __future__ import annotations

from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from desktop.client.items import ItemQuery
from desktop.gui.link.drafts import DraftBox
from tests.gui.counter import Counter, counter_with
from tests.gui.outboxes import WatchedBox
from tests.property_based import examples

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from desktop.client.api import Api
    from desktop.gui.link.jobs import Jobs


NUMBERS = count(1)
"""No two examples type the same name, or draw in the same folder."""
STEPS = (
    "type",
    "submit",
    "taken",
    "new",
    "put back",
    "undo",
    "away",
    "there",
    "full",
    "free",
    "wait",
    "settle",
)
NAME = "recipient.name"


def names_on_disk(box: DraftBox) -> set[str]:
    """Return the names in the form, and of what was submitted, that a kill would leave."""
    drafts = box.load()
    forms: list[Any] = [each.form for each in drafts.submissions]
    forms += filter(None, [drafts.form])
    return {form["values"][NAME] for form in forms}


class Person:
    """Types names, each once, and submits them."""

    def __init__(self, counter: Counter, api: Api, box: WatchedBox) -> None:
        self.counter, self.api, self.box = counter, api, box
        self.typed: list[str] = []
        box.left_now = lambda box: names_on_disk(box) | {*self.registered()}
        counter.grace.seconds = 600.0

    def type(self, number: str = "") -> None:
        """Type a new name; what was in the form is set aside."""
        self.counter.form.begin_new()
        self.typed.append(f"Ada {next(NUMBERS)}")
        self.counter.type(self.typed[-1], number=number)
        self.counter.submissions.form_items.save_draft()

    def do(self, step: str) -> None:
        counter, away = self.counter, self.box.folder.with_name("full")
        match step:
            case "type":
                self.type()
            case "submit":
                for _ in range(2):
                    counter.form.submit()
            case "taken":
                self.type("7")
                counter.form.submit()
            case "new":
                counter.form.begin_new()
            case "put back" if counter.aside():
                counter.put_back()
            case "undo":
                counter.undo()
            case "away":
                counter.source.api = None
            case "there":
                counter.connect(self.api)
            case "full" if not away.exists():
                self.box.folder.rename(away)
            case "free" if away.exists():
                away.rename(self.box.folder)
            case "settle" if counter.source.api is not None and not away.exists():
                counter.until(lambda: not counter.outbox.unanswered and not counter.outbox._open)
            case "wait":
                counter.box_pool.waitForDone()
        QApplication.processEvents()

    def waits_for_nothing(self) -> bool:
        """Tell whether all that was asked for is answered."""
        kept = self.counter.kept()
        QApplication.processEvents()  # of what was written
        return not self.counter.outbox.unanswered and all(each.aside for each in kept)

    def registered(self) -> list[str]:
        """The names of the registered items."""
        items = self.api.items.page(ItemQuery(), limit=100)["items"]
        return [to["name"] or "" for each in items if (to := each["recipient"]) is not None]

    def here(self) -> list[str]:
        """The names in the form, and of what is set aside."""
        aside = self.counter.submissions.form_items.aside
        kept = [self.counter.typed_name()]
        return kept + [each.form["values"][NAME] for each in aside._items]


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(steps=["type", "submit", "there", "settle", "undo"])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=12))
def test_each_name_is_in_the_form_set_aside_or_registered_once(
    steps: list[str],
    qtbot: QtBot,
    qapp: QApplication,
    jobs: Jobs,
    tmp_path: Path,
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever a kill leaves after each write, and between the answer to *Undo* and the next."""
    api.items.submit(7, {"title": "other"}, "taken")
    place = tmp_path / str(next(NUMBERS))
    box = WatchedBox(place / "drafts", names_on_disk)
    box.folder.mkdir(parents=True)
    with counter_with(box, place / "window.ini", qtbot, qapp, jobs) as counter:
        person, undo = Person(counter, api, box), api.actions.undo

        def undo_and_look(number: int) -> None:
            undo(number)
            box.look()

        with monkeypatch.context() as watched:
            watched.setattr(api.actions, "undo", undo_and_look)
            for step in (*steps, "free", "there"):
                person.do(step)
            counter.until(person.waits_for_nothing)
        counter.trouble.clear()
        counter.source.api = None  # which the next example needs
        registered = person.registered()
        found = [*registered, *person.here()]
        assert sorted(each for each in found if each in person.typed) == sorted(person.typed)
        if "full" not in steps:
            for before, after in pairwise(box.left):
                assert before <= after, "a kill loses what was on disk, or registered"
