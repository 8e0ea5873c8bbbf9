"""What can be done with batches, and how it is announced and undone."""

from __future__ import annotations

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.items import BatchCalls
from desktop.gui.batches.batch_verbs import (
    SHOWN_AS_TASKS,
    BatchTasks,
    OneOfBatches,
)
from desktop.gui.batches.spreadsheets import BatchColumn
from desktop.gui.kit.widgets.field import RateField
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.tasks.detail.foot import FootQuestion
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.client.errors import BackendGone, Refused, TooSlow
from tests.gui.batches.test_batch_model import batch
from tests.gui.desk_acts import choose, offered
from tests.gui.hands import is_bare, pick, press
from tests.gui.play import post

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


def bring(play: Play, path: Path, rows: int, who: str = "P", **settings: Any) -> int:
    """Make a draft of a small spreadsheet, without the window."""
    people = [{"name": f"{who}{n}", "email": f"{who.lower()}{n}@example.org"} for n in range(rows)]
    path.write_text("Name,E-mail\n" + "".join("{name},{email}\n".format(**p) for p in people))
    columns = {"Name": "name", "E-mail": "email"}
    batches = play.api.batches
    new: Any = {"name": path.name, "columns": columns, **settings}
    number = batches.create(new, new_key())
    batches.keep_sheet(number, path)
    new_rows: Any = [{"row": n + 2, "item": {"recipient": p}} for n, p in enumerate(people)]
    batches.add_rows(number, new_rows)
    return number


def state_of(play: Play) -> str:
    model = play.window.batches.model
    return str(model.data(model.index(0, BatchColumn.STATUS))).partition(" · ")[0]


async def what_is_begun_is_undone_where_it_was_begun_told_or_refused(
    play: Play, folder: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        problem: Any = {"type": "", "title": "", "status": 507, "detail": "No room on the disk"}
        raise Refused(problem)

    rooms, grace = play.program.rooms, play.program.rooms.services.grace
    # Its row may be told twice.
    rooms.services.live.pending_changed.connect(rooms.tasks.verbs.follow)
    play.api.pause("mail")
    grace.seconds = 600.0
    number = bring(play, folder / "may.csv", 3)
    rooms.importing.imports.draft_notes.say_kept(play.api.batches.one(number))
    assert play.notes() == ["“may.csv” is kept as a draft"]
    play.window.batches.open()
    card = play.window.batches.card
    await play.until(lambda: [*offered(card)] == ["open", "delete"])
    choose(card, "delete")
    await play.until(lambda: [*offered(card)] == ["undo"])
    await play.note("Delete · the draft “may.csv” · in ")
    assert len(play.notes()) == 1
    choose(card, "undo")
    assert [*offered(card)] == ["open", "delete"]
    assert play.notes() == []
    await play.until(lambda: not play.api.actions.pending())

    grace.seconds = 0.0
    with patch.object(BatchCalls, "delete", refuse):
        choose(card, "delete")
        note = await play.note("No room on the disk")
    assert play.notes() == ["No room on the disk"]
    play.window.notes.close(note)

    play.api.batches.start(number, new_key())
    grace.seconds = 600.0
    await play.until(lambda: "cancel" in offered(card))
    choose(card, "cancel")
    await play.note("Cancel · the rest of “may.csv” · in ")
    play.window.notes.undo()
    await play.until(lambda: "undo" not in offered(card))
    grace.seconds = 0.0
    choose(card, "cancel")
    await play.note("3 e-mails are cancelled")
    assert len(play.notes()) == 1
    play.api.resume("mail")


async def it_is_watched_paused_resumed_and_cancelled(play: Play, folder: Path) -> None:
    view = play.window.batches
    view.open()
    number = bring(play, folder / "members.csv", 3, "Q", rate="1/day")
    await play.until(lambda: view.model.find(number) is not None)
    view.choose(number)
    assert [*offered(view.card)] == ["open", "delete"]
    play.api.batches.start(number, new_key())
    await play.until(lambda: offered(view.card).keys() >= {"pause", "cancel"})
    choose(view.card, "pause")
    await play.until(lambda: "resume" in offered(view.card))
    choose(view.card, "resume")
    await play.until(lambda: "pause" in offered(view.card))
    await play.until(lambda: play.api.batches.one(number)["counts"]["kept"] == 1)
    await play.until(lambda: state_of(play) == "Scheduled")
    play.api.pause(None)  # with nothing in the queue
    await play.until(lambda: state_of(play) == "Paused")
    play.api.resume(None)
    await play.until(lambda: state_of(play) == "Scheduled")
    choose(view.card, "cancel")
    await play.until(lambda: play.api.batches.one(number)["state"] == "done")
    assert play.api.batches.one(number)["counts"]["cancelled"] == 2


async def its_time_and_its_limit_can_be_changed_while_it_is_planned(
    play: Play, folder: Path
) -> None:
    planned = {"run_at": "2099-06-01T08:00:00Z", "rate": "100/day"}
    number = bring(play, folder / "june.csv", 1, who="J", **planned)
    play.api.batches.start(number, new_key())
    await shown(play, number)
    card = play.window.batches.card
    await play.until(lambda: "time" in offered(card))
    play.window.resize(900, 700)  # where one half is shown
    play.window.show_rows()
    assert card.paper.words.text().startswith("Confirmation · ")
    assert "{" not in card.paper.words.text()
    choose(card, "time")
    (question,) = card.findChildren(FootQuestion)
    (send_at,) = question.findChildren(MomentField)
    assert send_at.moment() == "2099-06-01T08:00:00.000Z"
    assert question.isVisible()
    play.window.resize(1440, 900)
    send_at.set_moment("2098-06-01T08:00:00Z")
    question.button.click()
    await play.until(lambda: not card.foot.asks)
    assert play.api.batches.one(number)["run_at"] == "2098-06-01T08:00:00.000Z"
    choose(card, "limit")
    (rate,) = card.findChildren(RateField)
    assert rate.rate() == "100/day"
    pick(rate.span, "h")
    QTest.keyClick(rate.editor, Qt.Key.Key_Return)
    await play.until(lambda: not card.foot.asks)
    assert play.api.batches.one(number)["rate"] == "100/h"
    assert (await play.note("june.csv · At most 100")).offers_undo
    model: Any = play.window.batches.model
    await play.until(lambda: model.find(number)["rate"] == "100/h")
    model.put(0, {**model.find(number), "run_at": "2020-06-01T08:00:00.000Z"})
    play.window.batches.action_chosen.emit("time", number)
    (question,) = [each for each in card.findChildren(FootQuestion) if each.isVisible()]
    question.findChildren(MomentField)[0].set_moment("2097-06-01T08:00:00Z")
    question.button.click()
    await play.until(lambda: not card.foot.asks)
    assert play.api.batches.one(number)["run_at"] == "2097-06-01T08:00:00.000Z"
    assert not (await play.note("2097")).offers_undo  # it would be sent at once
    play.api.batches.cancel(number, new_key())


async def it_is_a_draft_again_though_the_answer_to_that_is_lost(play: Play, folder: Path) -> None:
    number = bring(play, folder / "july.csv", 1, who="L", run_at="2099-06-01T08:00:00Z")
    play.api.batches.start(number, new_key())
    await shown(play, number)
    asked, call = list[int](), play.api.batches.delete

    def unanswered(batch_id: int, **given: Any) -> object:
        asked.append(batch_id)
        answer = call(batch_id, **given)
        if len(asked) == 1:
            raise TooSlow
        return answer

    with patch.object(play.api.batches, "delete", unanswered):
        play.window.batches.action_chosen.emit("take_back", number)
        await play.until(lambda: len(asked) == 2)
        await play.until(lambda: play.window.places.shown)
    assert play.api.batches.one(number)["state"] == "draft"
    play.window.places.leave()
    play.api.batches.delete(number)


async def what_it_replaced_stays_cancelled_once_it_is_a_draft_again_and_says_so(
    play: Play, folder: Path
) -> None:
    api, far = play.api.batches, "2099-06-01T08:00:00Z"
    first = bring(play, folder / "planned.csv", 3, who="J", run_at=far)
    api.start(first, new_key())
    second = bring(play, folder / "again.csv", 2, who="J", run_at=far)
    await play.until(lambda: api.one(second)["counts"]["same"] == 2)
    api.start(second, new_key(), also={"same"})
    api.put_off(first, None)
    await play.until(lambda: api.one(first)["state"] == "done")
    await shown(play, second)
    await play.until(lambda: play.window.batches.model.count_replaced(second) == 2)
    play.window.batches.action_chosen.emit("take_back", second)
    await play.note("A draft again: 2 replaced e-mails stay cancelled until it sends them.")
    play.window.places.leave()
    play.program.rooms.services.grace.seconds = 600.0
    play.window.batches.action_chosen.emit("delete", second)
    await play.note("Delete · the draft: 2 replaced e-mails stay cancelled · “again.csv” · in")
    play.window.notes.undo()
    play.program.rooms.services.grace.seconds = 0.0
    assert api.one(first)["counts"]["cancelled"] == 2


async def its_report_says_what_became_of_each_row(play: Play, folder: Path) -> None:
    number = bring(play, folder / "june.csv", 2, "R")
    play.api.batches.correct_row(number, 3, {"recipient": {"email": "new@example.org"}})
    play.api.batches.start(number, new_key())
    await play.until(lambda: play.api.batches.one(number)["state"] == "done")
    out = folder / "out.csv"
    play.program.rooms.batches.reports.save(number, out)
    await play.note("saved")
    head, *lines = out.read_text().splitlines()
    assert head == "Name,E-mail,Sendoff status,sent at,sent to,answer,Message-ID"
    assert [line.split(",")[:2] for line in lines] == [
        ["R0", "r0@example.org"],
        ["R1", "r1@example.org"],
    ]
    assert [line.split(",")[4] for line in lines] == [
        "R0 <r0@example.org>",
        "new@example.org",
    ]


OWN = """
import pathlib
from desktop.contract.office import OfficeCure
from sendoff_tasks import GiveUp, Retry, task

CURED = pathlib.Path({cured!r})

@task(title="Post", retry=1)
def post(item_id: int) -> None:
    if item_id == 4:
        raise GiveUp("Postage is missing.")
    said = "No such street." if item_id == 5 else "No such town."
    raise GiveUp(said, cure=OfficeCure.CORRECT_ADDRESS)

@task(title="Stamp", retry=1)
def stamp(item_id: int) -> None:
    raise KeyError("postage")

@task(title="Wait", retry=Retry(attempts=5, backoff=lambda attempt, random: 600.0))
def wait(item_id: int) -> None:
    raise KeyError("postage")

@task(title="Half", retry=Retry(1))
def half(item_id: int) -> None:
    if not CURED.exists() or item_id != int(CURED.read_text()):
        raise OSError("no paper")
"""


async def shown(play: Play, number: int) -> None:
    """Have a batch in the view, with its card."""
    view = play.window.batches
    await play.until(lambda: view.model.find(number) is not None)
    play.program.rooms.batches.show(number)
    await play.until(lambda: (now := view.table.current()) and now["batch_id"] == number)


async def what_failed_for_its_address_is_corrected_alone(play: Play, folder: Path) -> None:
    number = bring(play, folder / "post.csv", 4, "O", tasks=["post"])
    play.api.batches.start(number, new_key())
    await shown(play, number)
    card = play.window.batches.card
    await play.until(lambda: "correct" in offered(card))
    await play.until(lambda: offered(card)["correct"].text == "Correct the 3 addresses")
    play.window.batches.action_chosen.emit("correct", number)
    await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 3)
    rows = play.model.rows_between(0, 2)
    assert sorted(row.item_id or 0 for row in rows) == [3, 5, 6]
    pane = play.window.page.detail
    await play.until(lambda: pane.read is not None)
    assert play.window.desk.shown.page is pane
    play.window.page.show_all()


async def what_failed_is_sent_again_but_for_what_was_seen_and_it_is_told_what_came(
    play: Play, folder: Path, cured: Path
) -> None:
    card = play.window.batches.card
    play.program.rooms.services.grace.seconds = 0.0
    number = bring(play, folder / "members.csv", 4, "V", tasks=["half"])
    play.api.batches.start(number, new_key())
    await play.until(lambda: play.api.batches.one(number)["counts"]["failed"] == 4)
    seen, second, *_ = sorted(
        t["id"] for t in play.api.page(SortedFilter(batch_id=number))["tasks"]
    )
    play.api.change_task(seen, {"seen": True})
    await shown(play, number)
    await play.until(lambda: "retry" in offered(card))
    await play.until(lambda: offered(card)["retry"].text == "Retry the 3 that failed")
    item = play.api.task(second)["item_id"]
    await asyncio.to_thread(cured.write_text, str(item))
    asked, call = [], play.api.batches.retry

    def unanswered(*given: Any, delay: float) -> object:
        asked.append(given)
        answer = call(*given, delay=delay)
        if len(asked) == 1:
            raise BackendGone
        return answer

    def is_asked_again() -> bool:
        play.program.source.go_on()
        return len(asked) > 1

    said = play.hear_notes()
    with patch.object(play.api.batches, "retry", unanswered):
        choose(card, "retry")
        await play.until(lambda: asked)
        await play.until(is_asked_again)
    queued = "members.csv · Send again · 3 e-mails · queued"
    await play.until(lambda: queued in said)
    await play.note("members.csv · 1 done · 2 failed")
    assert queued not in play.notes()  # they are no more
    assert asked[0] == asked[1]
    assert (play.api.task(seen)["attempt"], play.api.task(seen)["seen"]) == (1, True)


async def retry_beside_a_cause_can_be_undone_and_its_tasks_are_called_what_they_are(
    play: Play, folder: Path
) -> None:
    window, view, verbs = play.window, play.window.batches, play.program.rooms.tasks.verbs
    window.resize(1500, 900)
    number = bring(play, folder / "stamps.csv", 2, "S", tasks=["stamp"])
    play.api.batches.start(number, new_key())
    await shown(play, number)
    await play.until(lambda: "retry" in offered(view.card))
    await play.until(lambda: [label.text()[0] for label in view.card.lead.causes.counts] == ["2"])
    await play.until(lambda: any(map(is_bare, view.card.lead.causes.links)))
    verbs.grace.seconds = 600.0
    press(next(filter(is_bare, view.card.lead.causes.links)))
    press((await play.note("Retry · 2 tasks · in 600 s")).link)
    assert play.api.batches.one(number)["counts"]["failed"] == 2
    (cause,) = play.api.batches.one(number)["causes"]
    view.card.cure_chosen.emit("correct_address", cause["cause"], number)
    await play.until(lambda: window.desk.shown.page is window.page.detail)
    window.page.show_all()
    view.card.cure_chosen.emit("resolve", cause["cause"], number)
    await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
    assert window.page.narrowed.text().startswith(f"Batch {number}: stamps.csv · KeyError")
    QTest.mouseClick(window.page.widen, Qt.MouseButton.LeftButton)


async def what_was_put_off_is_tried_at_once_and_nothing_else(play: Play, folder: Path) -> None:
    other = post(play.api, "/tasks", {"task": "wait", "args": [99]})["id"]
    number = bring(play, folder / "waits.csv", 3, "T", tasks=["wait"])
    play.api.batches.start(number, new_key())
    await shown(play, number)
    card = play.window.batches.card
    await play.until(lambda: "try_now" in offered(card))
    await play.until(lambda: offered(card)["try_now"].text == "Try now (3)")

    def attempts(query: SortedFilter) -> dict[int, int]:
        return {row["id"]: row["attempt"] for row in play.api.page(query)["tasks"]}

    await play.until(lambda: attempts(SortedFilter())[other] == 1)
    play.program.rooms.services.grace.seconds = 600.0
    choose(card, "try_now")  # in the menu
    await play.note("Try now · 3 tasks")
    await play.until(lambda: "undo" in offered(card))
    assert "try_now" not in offered(card)
    choose(card, "undo")
    await play.until(lambda: "try_now" in offered(card))
    play.program.rooms.services.grace.seconds = 0.2
    choose(card, "try_now")
    await play.until(lambda: {*attempts(SortedFilter(batch_id=number)).values()} == {2})
    assert attempts(SortedFilter())[other] == 1


UNSURE = """
from sendoff_tasks import Uncertain, task

@task(title="Wire")
def wire(item_id: int) -> None:
    raise Uncertain("No answer came")
"""


@pytest.mark.own_tasks(UNSURE)
async def test_a_batch_leads_to_its_tasks_and_a_number_to_those_that_it_counts(
    play: Play, tmp_path: Path
) -> None:
    view, page = play.window.batches, play.window.page
    number = bring(play, tmp_path / "members.csv", 3, tasks=["wire"])
    play.api.batches.start(number, new_key())
    await play.until(lambda: play.api.batches.one(number)["counts"]["uncertain"] == 3)
    for task in (1, 3):
        play.api.resolve(task, "done")
    play.submit("Ada")
    await play.until(lambda: play.has(4))
    play.window.batches.open()
    await play.until(view.table.current)
    choose(view.card, "rows")
    await play.until(lambda: play.model.is_loaded and play.has(3))
    assert page.narrowed.text() == "Batch 1: members.csv"
    press(page.widen)
    await play.until(lambda: play.model.is_loaded and play.has(4))
    assert page.narrowed.isHidden()
    play.window.batches.open()
    await play.until(
        lambda: (
            (link := view.card.paper.figures.links.get("marked")) and is_bare(link)
        )  # it is laid out
    )
    press(view.card.paper.figures.links["marked"])
    await play.until(lambda: sorted(play.rows()) == [1, 3])
    assert page.narrowed.text() == "Batch 1: members.csv · marked as sent"


def test_a_number_of_a_batch_leads_to_the_tasks_that_it_counts() -> None:
    shown: list[tuple[str, str]] = []
    page: Any = SimpleNamespace(show_part=lambda words, name, **_: shown.append((words, name)))
    counts = {"sent": 5, "failed": 1, "kept": 1, "uncertain": 1}
    batches = {7: batch(7, counts=counts, marked=2, bounced=1)}
    model: Any = SimpleNamespace(find=batches.get, name_of=str)
    for verb in SHOWN_AS_TASKS:
        BatchTasks(page, model).show_number(verb, 7)
    assert shown == [
        ("Batch 7: 7 · kept", "kept"),
        ("Batch 7: 7 · failed", "failed"),
        ("Batch 7: 7 · uncertain", "uncertain"),
        ("Batch 7: 7 · sent", "done"),
        ("Batch 7: 7 · marked as sent", "settled"),
        ("Batch 7: 7 · bounced", "came_back"),
    ]


def test_a_batch_is_watched_undone_and_reported(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        what_is_begun_is_undone_where_it_was_begun_told_or_refused,
        it_is_watched_paused_resumed_and_cancelled,
        its_report_says_what_became_of_each_row,
        its_time_and_its_limit_can_be_changed_while_it_is_planned,
        it_is_a_draft_again_though_the_answer_to_that_is_lost,
        what_it_replaced_stays_cancelled_once_it_is_a_draft_again_and_says_so,
    )
    perform(*[partial(each, folder=tmp_path) for each in scenes])


def test_what_did_not_leave_is_corrected_tried_again_and_shown(
    perform: Perform, data: OfficeFolder, tmp_path: Path
) -> None:
    cured = data.root / "cured"
    (data.tasks / "own.py").write_text(OWN.format(cured=str(cured)))
    again = what_failed_is_sent_again_but_for_what_was_seen_and_it_is_told_what_came
    scenes = (
        retry_beside_a_cause_can_be_undone_and_its_tasks_are_called_what_they_are,  # items 1, 2
        what_failed_for_its_address_is_corrected_alone,  # items 3 to 6
        partial(again, cured=cured),
        what_was_put_off_is_tried_at_once_and_nothing_else,
    )
    perform(*[partial(each, folder=tmp_path) for each in scenes])


def test_what_is_sent_again_in_a_paused_batch_starts_once_that_is_resumed() -> None:
    notes: Any = SimpleNamespace(when=lambda left: f"in {left} s")
    for state, when in (("paused", "once you resume the batch"), ("running", "in 5 s")):
        found = {7: batch(7, state=state, to_retry=3)}
        model: Any = SimpleNamespace(find=found.get, name_of=str)
        said = OneOfBatches(model, "retry", 7).words(notes, 5)
        assert said == f"Send again · 3 e-mails · {when}"
