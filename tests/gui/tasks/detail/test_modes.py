"""The modes of the desk as plain data: all they say in one file, and where each action is."""

from __future__ import annotations

import pytest

from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.tasks.acting.task_actions import fitting_actions
from desktop.gui.tasks.detail.desk_content import DeskContent
from desktop.gui.tasks.detail.modes import LEFT, LINES, of_task
from sendoff_tasks.model.states import State
from tests.gui.tasks.acting.pending_rows import nothing_pending
from tests.gui.tasks.detail.said import APPROVED, said
from tests.gui.tasks.detail.scenes import NOW, SCENES, VIEWER, read_in, row_in, shown_in

pytestmark = pytest.mark.usefixtures("qapp")


def test_all_that_the_desk_says_was_read_by_a_person() -> None:
    assert said() == APPROVED.read_text(encoding="utf-8")


def offered(shown: DeskContent) -> list[str]:
    there = (*shown.head.buttons, *shown.foot.left, *shown.foot.right, *shown.head.more)
    return [each.verb for each in there]


@pytest.mark.parametrize("name", SCENES)
def test_each_action_that_fits_a_task_is_in_one_place(name: str) -> None:
    scene, shown = SCENES[name], shown_in(name)
    if scene.started:
        assert offered(shown) == ["undo"]
        return
    pending = nothing_pending()
    pending.delivery.is_real = scene.is_real
    fitting = fitting_actions([row_in(name)], scene.rights, pending)
    expected = [each.verb for action in fitting for each in (action, *action.more)]
    assert sorted(offered(shown)) == sorted(expected)
    assert len(shown.head.buttons) <= 1
    assert len(shown.foot.left) <= LEFT
    assert len(shown.foot.right) <= 2


@pytest.mark.parametrize("name", SCENES)
def test_the_accent_is_on_what_a_person_has_to_do_and_only_there(name: str) -> None:
    row, foot = row_in(name), shown_in(name).foot
    goes_on = row.state in {State.SUCCEEDED, State.RUNNING, State.CANCELLED, State.UNCERTAIN}
    if goes_on or row.seen or SCENES[name].rights == VIEWER or SCENES[name].started:
        assert not foot.leads
    if foot.leads:
        assert foot.right
        assert foot.right[-1].works


def test_what_is_next_does_not_work_before_the_task_is_read() -> None:
    row = row_in("failed, else")
    told = ALL_RIGHTS, nothing_pending(), NOW
    shown = of_task(row, None, *told)
    assert [each.verb for each in shown.foot.right] == ["retry"]
    assert (shown.foot.works, shown.paper.is_coming, shown.history.is_there) == (False, True, False)
    shown = of_task(row, read_in("failed, else"), *told)
    assert (shown.foot.works, shown.paper.is_coming, shown.history.is_there) == (True, False, True)


def test_of_a_long_log_the_end_is_shown() -> None:
    read = read_in("own, failed")
    line = {"at": "2026-01-01T00:00:00.000Z", "attempt": 1, "level": "info"}
    read.task["log"] = [{**line, "text": str(n)} for n in range(300)]  # type: ignore[typeddict-item]
    shown = of_task(row_in("own, failed"), read, ALL_RIGHTS, nothing_pending(), NOW)
    assert [each["text"] for each in shown.history.log] == [str(n) for n in range(300 - LINES, 300)]


def test_a_replaced_task_shows_no_preview_of_what_another_sends() -> None:
    name = "failed, address, sent again"
    read = read_in(name)
    assert read.letter is not None
    told = row_in(name), ALL_RIGHTS, nothing_pending(), NOW
    for remade in (False, True):
        letter = {**read.letter, "remade": remade}
        shown = of_task(told[0], read_in(name, letter=letter), *told[1:])
        assert (shown.paper.letter is None) is remade
        assert shown.paper.words.startswith("Replaced: nothing more") is remade


@pytest.mark.parametrize("name", ["failed, else", "kept"])
def test_no_newer_text_is_offered_beside_a_button_that_sends_the_old_one(name: str) -> None:
    read = read_in(name, is_older=True)
    shown = of_task(row_in(name), read, ALL_RIGHTS, nothing_pending(), NOW)
    assert [each.name for each in shown.head.ways] == ["plain", "open"]
    read = read_in("sent", is_older=True)
    shown = of_task(row_in("sent"), read, ALL_RIGHTS, nothing_pending(), NOW)
    assert [each.name for each in shown.head.ways] == ["again", "plain", "open"]
