"""Corrections on their way: what is typed is never lost, each press has one effect, all is said."""

from __future__ import annotations

import asyncio
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from desktop.gui.items.correction_head import DISCARD, SAVE
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.kit.words.table import say
from desktop.gui.link.drafts import DraftBox, DraftItem, DraftKind
from sendoff_tasks.client.errors import BackendBroken, BackendGone, Refused
from tests.gui.desk_acts import correction
from tests.gui.items.correction.conftest import Clerk
from tests.gui.items.correction.failed_items import FailedItems
from tests.gui.outboxes import WatchedBox
from tests.property_based import examples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.drafts import ItemChange
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Play

RUNS: Any = {"status": 409, "detail": "no", "refusal": "under_way", "title": "", "type": ""}
RUNS["data"] = {"title": "Letter", "task_id": 3, "state": "running"}


def on_disk(box: DraftBox) -> list[str]:
    """The addresses that are typed, and those on their way."""
    typed = [each["values"].get(EMAIL) for each in box.load_typed(DraftKind.CORRECTIONS).values()]
    return [*typed, *(each.body["recipient"]["email"] for each in box.load().submissions)]


def test_what_is_typed_stays_when_another_is_shown_and_is_pinned(clerk: Clerk) -> None:
    clerk.show(3)
    clerk.type("new3@example.org")
    clerk.show(2)
    assert clerk.address() == "person2@exmaple.org"
    (pin,) = clerk.pins()
    assert (pin.name, pin.text) == ("person3@exmaple.org", say("aside", "item"))
    clerk.pool.waitForDone()
    assert on_disk(clerk.box) == ["new3@example.org"]
    clerk.window.page.table.selectionModel().clear()
    pin.show()
    clerk.is_at(3)
    assert clerk.address() == "new3@example.org"
    assert clerk.main == "Send again"
    clerk.type("person3@exmaple.org")
    clerk.show(2)
    assert clerk.pins() == []


def test_a_pin_leads_to_the_message_that_has_replaced_the_one_it_was_typed_at(
    clerk: Clerk,
) -> None:
    clerk.show(3)
    clerk.type("new3@example.org")
    clerk.show(2)
    repeats = clerk.backend.rows[3] | {"id": 8, "state": "queued", "resend_of": 3}
    clerk.backend.rows[8] = repeats
    clerk.window.page.table.selectionModel().clear()
    (pin,) = clerk.pins()
    pin.show()
    clerk.is_at(8)
    assert (clerk.address(), clerk.main) == ("new3@example.org", "Save")


def test_a_disk_that_takes_no_submission_keeps_what_was_typed(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: DraftItem) -> None:
        raise OSError("full")

    clerk.show(3)
    clerk.type("new3@example.org")
    clerk.head.keep_typed()
    monkeypatch.setattr(clerk.box, "save", fail)
    clerk.choose(SAVE)
    clerk.pool.waitForDone()  # what a kill would leave now
    assert on_disk(clerk.box) == ["new3@example.org"]
    clerk.qtbot.waitUntil(clerk.head.trouble.isVisible)
    assert (clerk.address(), clerk.main) == ("new3@example.org", "Send again")
    clerk.trouble.clear()


def test_what_the_last_window_left_is_pinned_and_shown(
    clerk: Clerk,
    qtbot: QtBot,
    window_over: Callable[[object], AppWindow],
    backend: FailedItems,
    box: DraftBox,
) -> None:
    clerk.show(3)
    clerk.type("Opera", "title")
    clerk.drafts.saving.emit()  # as the window does before it ends
    clerk.pool.waitForDone()
    other = Clerk(window_over(backend), backend, box, qtbot)
    qtbot.waitUntil(lambda: len(other.pins()) == 1)
    other.show(3)
    assert other.head.form.fields["title"].text() == "Opera"
    other.end()


def test_a_pin_is_discarded_and_that_undone_also_while_it_is_shown(clerk: Clerk) -> None:
    clerk.show(3)
    clerk.type("new3@example.org")
    clerk.choose(DISCARD)
    assert (clerk.address(), clerk.pins()) == ("person3@exmaple.org", [])
    assert clerk.said() == [say("correction", "discarded")]
    clerk.window.notes.undo()
    assert clerk.address() == "new3@example.org"
    (pin,) = clerk.pins()
    assert pin.discard is not None
    pin.discard()
    assert (clerk.address(), clerk.pins()) == ("person3@exmaple.org", [])
    clerk.pool.waitForDone()
    assert on_disk(clerk.box) == []


def test_of_a_person_who_is_forgotten_nothing_typed_is_kept(clerk: Clerk) -> None:
    for number in (3, 2):
        clerk.show(number)
        clerk.type("Opera", "title")
    clerk.show(1)
    clerk.corrections.kept.forget("person3@exmaple.org")
    clerk.pool.waitForDone()
    assert [*clerk.box.load_typed(DraftKind.CORRECTIONS)] == ["2"]
    assert [each.name for each in clerk.pins()] == ["person2@exmaple.org"]


def test_what_is_refused_is_typed_again_and_said_where_it_is_shown(clerk: Clerk) -> None:
    clerk.show(3)
    clerk.backend.fails = [Refused(RUNS), Refused(RUNS)]
    clerk.type("new3@example.org")
    clerk.choose(SAVE)
    clerk.qtbot.waitUntil(clerk.head.trouble.isVisible)
    assert "“Letter” is running" in clerk.head.trouble.text()
    assert (clerk.address(), clerk.main) == ("new3@example.org", "Send again")
    clerk.press()
    clerk.is_at(2)
    clerk.qtbot.waitUntil(lambda: any("“Letter” is running" in each for each in clerk.said()))
    assert clerk.said()[-1].startswith("Item 3: ")
    assert len(clerk.pins()) == 1
    clerk.pool.waitForDone()
    assert on_disk(clerk.box) == ["new3@example.org"]
    clerk.show(3)
    assert clerk.address() == "new3@example.org"


def test_a_broken_answer_leaves_what_was_typed(clerk: Clerk) -> None:
    clerk.backend.fails = [BackendBroken("The answer is not JSON.")]
    clerk.show(3)
    clerk.type("new3@example.org")
    clerk.press()
    clerk.qtbot.waitUntil(lambda: clerk.said()[-1:] == ["Item 3: The answer is not JSON."])
    assert len(clerk.pins()) == 1


def test_what_was_not_answered_is_sent_again_under_its_key(clerk: Clerk) -> None:
    clerk.backend.fails = [BackendGone()]
    clerk.show(3)
    clerk.type("new3@example.org")
    clerk.press()
    clerk.qtbot.waitUntil(lambda: clerk.outbox.saved == 1)
    clerk.source.go_on()
    clerk.qtbot.waitUntil(lambda: "Item 3 is corrected and will be sent in 5 s" in clerk.said())
    assert len(clerk.backend.keys) == 2
    assert len(set(clerk.backend.keys)) == 1


def test_a_correction_that_an_earlier_window_left_is_made_or_typed_again(clerk: Clerk) -> None:
    how: ItemChange = {"send": True, "user": None, "changes": True}
    body: Any = {"recipient": {"email": "one@example.org"}}
    draft = DraftItem(1, body, {}, undo_for=5.0, change=how)
    clerk.corrections.put(draft)
    clerk.qtbot.waitUntil(lambda: clerk.backend.corrected == {(1, draft.key): body})
    clerk.qtbot.waitUntil(lambda: "Item 1 is corrected and will be sent in 5 s" in clerk.said())
    clerk.backend.fails = [Refused(RUNS)]
    clerk.corrections.put(DraftItem(2, body, {}, change=how))
    clerk.qtbot.waitUntil(lambda: len(clerk.pins()) == 1)
    clerk.show(2)
    assert clerk.address() == "one@example.org"


@pytest.mark.parametrize(("state", "row"), [("succeeded", "gone"), ("cancelled", "ended")])
def test_a_message_that_left_before_it_was_corrected_is_told(
    clerk: Clerk, state: str, row: str
) -> None:
    to = "old@example.org"
    event = clerk.backend.change(3, "scheduled", item_id=3, to=to)
    clerk.pane.apply(event)
    clerk.show(3)
    clerk.type("new3@example.org")
    clerk.backend.change(3, state, item_id=3, to=to)
    clerk.press()
    words = f"Item 3: {say('correction', row, to=to)}"
    clerk.qtbot.waitUntil(lambda: clerk.said()[-1:] == [words])


def test_undo_says_that_the_correction_stays(clerk: Clerk) -> None:
    clerk.show(3)
    clerk.type("new3@example.org")
    clerk.press()
    clerk.qtbot.waitUntil(lambda: any(each.offers_undo for each in clerk.window.notes.shown))
    assert clerk.window.notes.shown[-1].link.text() == "Undo sending"
    clerk.window.notes.undo()
    stays = say("correction", "undone", number=3)
    clerk.qtbot.waitUntil(lambda: clerk.said()[-1:] == [stays])


def test_of_an_uncertain_message_it_is_asked_whether_it_was_sent(clerk: Clerk) -> None:
    clerk.backend.uncertain = [3]
    clerk.show(3)
    clerk.type("new3@example.org")
    clerk.press()
    asks = say("correction", "saved_ask", number=3)
    clerk.qtbot.waitUntil(lambda: clerk.said()[-1:] == [asks])


NUMBERS = count(1)
STEPS = (
    "type",
    "send",
    "save",
    "other",
    "discard",
    "undo",
    "refuse",
    "away",
    "there",
    "full",
    "free",
)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(steps=["type", "refuse", "send", "other"])
@example(steps=["type", "away", "send", "full", "there", "free"])
@example(steps=["full", "type", "send", "other", "free"])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=12))
def test_each_text_is_in_its_head_on_disk_or_saved_once_whatever_happens(
    steps: list[str], qtbot: QtBot, window_over: Callable[[object], AppWindow], tmp_path: Path
) -> None:
    """A text that is typed over or discarded is given up; no other is, and a kill loses none."""
    backend = FailedItems()
    seen = list[str]()

    def corrected() -> list[str]:
        return [each["recipient"]["email"] for each in backend.corrected.values()]

    place = tmp_path / str(next(NUMBERS)) / "drafts"
    place.mkdir(parents=True)
    box = WatchedBox(place, lambda box: {*on_disk(box), *corrected()})
    away = place.with_name("full")
    clerk = Clerk(window_over(backend), backend, box, qtbot)
    given_up = set[str]()
    clerk.show(3)
    for step in steps:
        head = clerk.head
        match step:
            case "type" if not head.form.fields[EMAIL].editor.isReadOnly():
                given_up.add(clerk.address())
                clerk.type(f"n{next(NUMBERS)}@example.org")
                seen.append(clerk.address())
                head.keep_typed()
            case "send":
                for _ in range(2):
                    head.send()
            case "save":
                head.act(SAVE) if head.has_changes() else None
            case "discard" if head.has_changes():
                head.act(DISCARD)
            case "undo":
                clerk.window.notes.undo()
            case "other" if clerk.source.api is not None:
                clerk.show(2 if clerk.pane.task == 3 else 3)
            case "refuse":
                backend.fails = [Refused(RUNS)]
            case "away":
                clerk.source.api = None
            case "there":
                clerk.source.api = backend  # type: ignore[assignment]
                clerk.source.go_on()
            case "full" if not away.exists():
                clerk.pool.waitForDone()
                place.rename(away)
            case "free" if away.exists():
                clerk.pool.waitForDone()
                away.rename(place)
        QApplication.processEvents()
    clerk.pool.waitForDone()
    QApplication.processEvents()
    if away.exists():
        away.rename(place)
    clerk.source.api = backend  # type: ignore[assignment]
    clerk.source.go_on()
    clerk.until_answered()
    clerk.drafts.saving.emit()
    kept = [clerk.drafts.of(name) for name in clerk.drafts.names()]
    typed = [each["values"].get(EMAIL) for each in kept if each is not None]
    if "discard" not in steps and "undo" not in steps:
        lost = {*seen} - given_up - {*typed} - {*corrected()}
        assert not lost
    assert len(set(backend.keys)) >= len(backend.corrected)
    assert len(corrected()) == len({*corrected()}), "one effect each"
    if not {"full", "discard", "undo"} & {*steps}:
        for before, after in pairwise(box.left):
            assert before - given_up <= after, "a kill loses what was on disk"
    clerk.trouble.clear()
    clerk.end()


async def test_an_address_is_corrected_and_the_message_sent_again(
    play: Play, data: OfficeFolder
) -> None:
    for name in ("Ada", "Bo"):
        play.submit(name)
    await play.until(lambda: play.states() == ["succeeded", "succeeded"])
    ids = sorted(play.rows())
    head = await correction(play, ids[0])
    head.form.fields[EMAIL].replace("corrected@example.org")
    play.window.page.detail.foot.main.click()
    await play.until(lambda: play.states() == ["succeeded"] * 3)
    texts = [path.read_text() for path in data.outbox.iterdir()]
    assert sum("corrected@example.org" in text for text in texts) == 1
    detail = await asyncio.to_thread(play.api.task, max(play.rows()))
    assert detail["resend_of"] == ids[0]
