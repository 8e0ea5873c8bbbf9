"""What the sentence is made of comes from the backend's events, the outbox and the rooms."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.frame.cases import CaseFact
from desktop.gui.link import outbox as outbox_module
from desktop.gui.link.outbox import Wish
from desktop.gui.sentence import gathering as module
from desktop.gui.sentence.facts import Needing
from desktop.gui.sentence.gathering import BusyTasks, Gathering
from sendoff_tasks.client.health import Gone
from sendoff_tasks.model.events import NoticeId
from tests.gui.play import post
from tests.gui.sentence.scenes import OFFLINE, counts, notice, wire

if TYPE_CHECKING:
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


@pytest.fixture(autouse=True)
def _says_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_MOST_MS", 0)


def gathering(play: Play) -> Gathering:
    return play.program.rooms.gathering


@pytest.mark.parametrize(
    ("counted", "is_busy"),
    [
        ([(0.0, 1), (9.0, 1)], False),
        ([(0.0, 1), (11.0, 1)], True),
        ([(0.0, 6)], True),
        ([(0.0, 6), (1.0, 0), (2.0, 0)], True),
        ([(0.0, 6), (1.0, 0), (4.0, 0)], False),
        ([(0.0, 1), (1.0, 0), (2.0, 1), (10.5, 1)], True),
        ([(0.0, 1), (1.0, 0), (4.0, 0), (5.0, 1), (14.0, 1)], False),
    ],
)
def test_a_few_tasks_are_worth_a_sentence_after_a_while_and_stay_a_moment(
    counted: list[tuple[float, int]], is_busy: bool
) -> None:
    busy = BusyTasks()
    for now, count in counted:
        busy.note(count, now)
    assert busy.is_so is is_busy


async def test_a_failed_task_is_named_and_several_of_one_cause_are_one(
    play: Play, data: OfficeFolder
) -> None:
    """What ended before the last visit is counted only."""
    (data.tasks / "own.py").write_text(
        "from sendoff_tasks import task\n\n"
        '@task(name="fail", title="Report", retry=1)\ndef fail(): raise KeyError("vat")\n'
    )
    await play.until(lambda: "last" not in play.told())
    await play.until(lambda: any(f["name"] == "fail" for f in play.api.functions.all()))
    await asyncio.to_thread(post, play.api, "/tasks", [{"task": "fail"}])
    await play.until(lambda: play.window.cases.sentence == "Report: KeyError: 'vat'")
    play.choose("show_task")
    await play.until(lambda: play.states() == ["failed"])
    await asyncio.to_thread(post, play.api, "/tasks", [{"task": "fail"}])
    await play.until(lambda: "failed_alike" in play.told())
    play.window.page.show_filter("need_you")
    await play.until(lambda: play.states() == ["failed"] * 2)
    for task in sorted(await play.truth()):
        await asyncio.to_thread(play.api.change_task, task, {"seen": True})
    await play.until(lambda: play.window.cases.sentence.startswith("Practice"))
    needing = await asyncio.to_thread(module.read_needing, play.api, 0.0)
    assert needing == Needing()


async def test_tasks_that_go_on_by_themselves_are_no_cause_of_those_that_do_not(
    play: Play, data: OfficeFolder
) -> None:
    (data.tasks / "own.py").write_text(
        "from sendoff_tasks import GiveUp, RetryLater, task\n\n"
        '@task(name="tell")\ndef tell(what): raise GiveUp(what)\n\n'
        '@task(name="wait")\ndef wait(): raise RetryLater("closed", after=600)\n'
    )
    await play.until(lambda: any(f["name"] == "wait" for f in play.api.functions.all()))
    for body in ({"args": ["no paper"]}, {"args": ["no ink"]}):
        await asyncio.to_thread(post, play.api, "/tasks", [{"task": "tell", **body}])
    for _ in range(2):
        await asyncio.to_thread(post, play.api, "/tasks", [{"task": "wait"}])
    await play.until(lambda: sorted(play.states()) == ["failed"] * 2 + ["waiting"] * 2)
    needing = await asyncio.to_thread(module.read_needing, play.api, 0.0)
    assert needing == Needing(tasks=2)


async def test_what_was_there_before_the_last_visit_is_counted(play: Play) -> None:
    play.program.pool.waitForDone()
    gathering(play)._visited = 4_000_000_000.0
    play.submit("Ada")
    await play.until(lambda: play.states() == ["succeeded"])
    gathering(play).remember_visit()
    assert float(str(play.window.settings.value(module.VISIT))) > 0


async def test_a_change_without_an_answer_is_offered_again(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox, source = play.program.rooms.services.outbox, play.program.source
    api, done = play.api, list[int]()
    source.api = None
    with monkeypatch.context() as at_once:
        at_once.setattr(outbox_module, "WAITS_S", 0)
        for _ in range(2):
            outbox.put(Wish(lambda *_: done.append(1)))
    await play.until(lambda: "not_made" in play.told())
    assert "2 changes were not made" in [each.text for each in play.window.sentence.found]
    source.api = api
    play.choose("again")
    await play.until(lambda: len(done) == 2)
    await play.until(lambda: "not_made" not in play.told())


async def test_the_wait_for_a_restart_is_counted_down_and_what_is_seen_has_its_time(
    play: Play,
) -> None:
    await play.until(lambda: gathering(play).facts().is_ready)
    gathering(play)._on_state(Gone("", 40.0))
    gathering(play)._since -= 3.0
    gathering(play).note()
    await play.until(lambda: "restarting_in" in play.told())
    assert {"soft keep_typing", "soft seen_at"} <= play.told()
    assert gathering(play)._tick.interval() == module.SECOND_MS


async def test_a_notice_put_away_comes_back_with_other_words(play: Play) -> None:
    live = play.program.rooms.services.live
    told = notice(NoticeId.BACKUP, "The disk is full.")
    live.notice(told)
    await play.until(lambda: "backup" in play.told())
    gathering(play).put_away(NoticeId.BACKUP, "")
    await play.until(lambda: "backup" not in play.told())
    live.notice({**told, "text": "The folder is gone."})
    await play.until(lambda: "backup" in play.told())


async def test_facts_of_rooms_come_and_go_by_name_and_what_they_are_about(play: Play) -> None:
    cases, away = play.window.cases, list[str]()
    cases.on_put_away("older_text", away.append)
    for name in ("Fee", "Tour"):
        cases.tell(CaseFact("older_text", 2, about=name))
    await play.until(
        lambda: sum("old text" in each.text for each in play.window.sentence.found) == 2
    )
    gathering(play).put_away("older_text", "Fee")
    await play.until(lambda: [each.about for each in cases.facts] == ["Tour"])
    assert away == ["Fee"]


async def test_it_is_said_again_only_if_it_is_another_sentence(play: Play) -> None:
    heard: list[Any] = []
    live = play.program.rooms.services.live
    await play.until(lambda: gathering(play).facts().is_ready)
    await play.until(lambda: not play.program.jobs.under_way)
    gathering(play).said.connect(heard.append)
    for _ in range(3):
        live.stats(counts(succeeded=0, practice=True))
        await asyncio.sleep(0)
    assert heard == []
    live.notice(OFFLINE)
    await play.until(lambda: "offline" in play.told())
    assert len(heard) == 1
    live.stats(counts(succeeded=0, scheduled=1, next_at=wire(8, 0, 9)))


def test_the_sentence_of_a_second_window_knows_when_this_one_was_visited(
    perform: Perform, data: OfficeFolder
) -> None:
    async def first(play: Play) -> None:
        await play.until(lambda: gathering(play).facts().is_ready)

    perform(first)

    async def second(play: Play) -> None:
        assert gathering(play)._visited > 0

    perform(second)
