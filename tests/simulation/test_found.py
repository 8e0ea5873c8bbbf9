"""Histories that once broke a promise, as they were shrunk."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest

from tests.simulation.calls.call import Call
from tests.simulation.computer.clock import DAY_S
from tests.simulation.history import History
from tests.simulation.stage.props import Setting
from tests.simulation.stage.scene import Scene

NEWS = {"title": "a", "function": "news", "rate": "1/min"}
"""A spreadsheet of which one row is sent a minute."""


def history(*calls: Call, **setting: Any) -> History:
    return History(0, Setting(**setting), calls)


def play(*calls: Call, **setting: Any) -> None:
    assert history(*calls, **setting).play() is None


def submit(label: str, *tasks: str, **given: object) -> Call:
    return Call("submit", {"label": label, "tasks": [{"function": f} for f in tasks], **given})


FOUND = {
    "a draft whose deletion waits is started while its rows are being checked": history(
        Call("bring", {**NEWS, "label": "a", "items": [1, 2], "function": "plain", "rate": None}),
        Call("send", {"pick": 0.0, "delay": 5, "same": False}),
        Call("take_back", {"pick": 0.0}, then=False),
        Call("batch_later", {"pick": 0.0, "action": "delete", "delay": 60}, then=False),
        Call("send", {"pick": 0.0, "delay": 0, "same": False}),
    ),
    "a row takes over a task of which a cancel waits since its spreadsheet was sent": history(
        Call("bring", {**NEWS, "label": "a", "items": [6, 3], "function": "letter"}),
        Call("send", {"pick": 0.0, "delay": 0, "same": False}),
        Call("kill"),
        Call("start"),
        Call("bring", {**NEWS, "label": "b", "items": [6], "function": "letter", "rate": None}),
        Call("send", {"pick": 0.9, "delay": 0, "same": True}, then=False),
        Call(
            "later",
            {"pick": 0.0, "action": "cancel", "states": ["scheduled"], "count": 20, "delay": 60},
        ),
    ),
    "a row is retried since the cancel of its paused spreadsheet": history(
        Call("bring", {**NEWS, "label": "a", "items": [2], "function": "plain", "rate": None}),
        Call("send", {"pick": 0.0, "delay": 0, "same": False}),
        Call("pause_batch", {"pick": 0.0}),
        Call("end", {"pick": 0.0, "how": "quota"}),
        Call("batch_later", {"pick": 0.0, "action": "cancel", "delay": 5}),
        Call("retry", {"pick": 0.0}),
        Call("wait", {"seconds": 3600}),
    ),
    "a queue is held and two of its tasks are retried together": history(
        submit("a", "guest", "guest", "guest"),
        Call("end", {"pick": 0.0, "how": "hold queue"}),
        Call("end", {"pick": 0.5, "how": "hold queue"}),
        Call("retry", {"pick": 0.0}, then=False),
        Call("retry", {"pick": 0.5}),
    ),
    "an attempt fails past its task's deadline": history(
        submit("a", "urgent", "urgent", "urgent"),
        Call("wait", {"seconds": 300}),
        Call("end", {"pick": 0.0, "how": "fail"}, then=False),
        Call("end", {"pick": 0.5, "how": "later"}, then=False),
        Call("end", {"pick": 0.9, "how": "hold"}),
    ),
    "an item whose tasks were forgotten is handed in again": history(
        submit("a", "news", item=3),
        submit("b", "urgent", "urgent", item=4),
        Call("wait", {"seconds": 300}),
        Call("end", {"pick": 0.0, "how": "final"}),
        Call("wait", {"seconds": 300}),
        Call("submit_again", {"label": "a"}),
        slots=1,
        checkpoint_pages=8,
        most=1,
    ),
    "a task has its time of day while no sync succeeds and then the clock is set back": history(
        Call("submit", {"label": "a", "tasks": [{"function": "news", "run_at": 5}]}),
        Call("fault", {"trouble": "unsynced", "after": 0, "times": 20}, then=False),
        Call("wait", {"seconds": 5}),
        Call("stop", then=False),
        Call("jump", {"seconds": -45}, then=False),
    ),
    "a wish to come later is lost with the program and its tasks are set apart": history(
        submit("a", "narrow", "narrow"),
        Call("cut", {"kept": "first"}, then=False),
        Call("start"),
        Call("end", {"pick": 0.71, "how": "later"}, then=False),
        Call("kill", then=False),
    ),
    "small jumps to both sides let a rate be off by less than a second": history(
        submit("a", "news", item="next"),
        Call("kill", then=False),
        Call("start"),
        Call("cut", {"kept": "none"}, then=False),
        Call("start"),
        Call("submit", {"label": "b", "tasks": [{"function": "plain", "delay": 0.5}]}),
        Call("go", {"pick": 0.67, "steps": 2}, then=False),
        submit("c", "news", "news", item="next"),
        Call("sleep", {"seconds": 5}),
        Call("jump", {"seconds": -0.4}),
        Call("go", {"pick": 0.71, "steps": 2}),
        Call("wait", {"seconds": 60}),
        Call("jump", {"seconds": 0.9}),
        slots=1,
        checkpoint_pages=60,
    ),
    "what came due in a sleep is not left out by a stop right after it": history(
        Call("sleep", {"seconds": 3700}, then=False), Call("stop"), chimes=True
    ),
    "a task with a schedule asks its server as the history ends": history(
        Call("fault", {"trouble": "cut", "after": 16}, then=False),
        Call("wait", {"seconds": 3600}),
        Call("start"),
        Call("end", {"pick": 0.4, "how": "quota"}),
        Call("cancel", {"pick": 0.16}),
        slots=1,
        chimes=True,
    ),
    "the clock is set back while the program is down and a wait lasts longer": history(
        submit("a", "narrow"),
        Call("end", {"pick": 0.0, "how": "quota"}),
        Call("cancel", {"pick": 0.0}),
        Call("kill", then=False),
        Call("jump", {"seconds": -4000}),
    ),
    "the clock is set on while the program is down and a wait was just written": history(
        submit("a", "narrow"),
        Call("end", {"pick": 0.16, "how": "not begun"}, then=False),
        Call("fault", {"trouble": "cut", "after": 27}, then=False),
        Call("go", {"pick": 0.8, "steps": 4}),
        Call("jump", {"seconds": 900_000}),
        slots=3,
        checkpoint_pages=8,
    ),
    "a task that waited is removed and handed in again": history(
        submit("a", "guest", item=2),
        Call("wait", {"seconds": 12}),
        Call("end", {"pick": 0.74, "how": "later"}),
        Call("cancel", {"pick": 0.57}),
        Call("bulk", {"action": "remove", "states": ("cancelled",)}),
        Call("submit_again", {"label": "a"}),
    ),
    "a paused spreadsheet is cancelled and a row of it retried at once": history(
        Call("bring", {**NEWS, "label": "a", "items": [2, 4, 4, 6, 3, 3]}),
        Call("send", {"pick": 0.0}),
        Call("wait", {"seconds": 300}),
        Call("pause_batch", {"pick": 0.0}),
        Call("kill", then=False),
        Call("start"),
        Call("cancel_batch", {"pick": 0.0}, then=False),
        Call("retry", {"pick": 0.46}),
    ),
    "a row that was moved to later is taken back and sent again": history(
        submit("a", "guest", "guest", "guest", item=5),
        Call("bring", {**NEWS, "label": "b", "items": [3, 4, 3, 6, 5, 1]}),
        Call("send", {"pick": 0.8}),
        Call("go", {"pick": 0.73, "steps": 4}, then=False),
        Call("retry", {"pick": 0.81}),
        Call("change", {"pick": 0.8, "what": "later", "after": 3600}),
        Call("take_back", {"pick": 0.87}),
        Call("send", {"pick": 0.19, "delay": 5}, then=False),
        slots=1,
    ),
    "settings that were cut are locked away as well and put back": history(
        submit("a", "letter"),
        Call("spoil_settings", {"how": "cut", "part": 0.78}),
        Call("spoil_settings", {"how": "unreadable"}),
        is_ours=True,
    ),
    "settings that have just been read are locked away": history(
        Call("limit", {"queue": "narrow", "concurrency": 1, "rate": "1/s"}),
        Call("limit", {"queue": "narrow", "concurrency": 1, "rate": "1/s"}, then=False),
        Call("spoil_settings", {"how": "unreadable", "part": 0.77}),
        is_ours=True,
    ),
    "a task file that could not be opened is imported though it has not changed": history(
        Call("copy_task_file", {"parts": [0.22, 0.44], "pause": 0.05}, then=False),
        Call("stop", then=False),
        Call("fault", {"trouble": "unopened", "after": 0}, then=False),
        Call("start"),
        is_ours=True,
    ),
    "an item of an older store is corrected while no program runs": history(
        submit("a", "urgent", "guest", item="next"),
        submit("b", "guest", item="next"),
        Call("copy_store", {"label": "c"}, then=False),
        Call("stop", then=False),
        Call("put_back", {"label": "c", "mark": "comes", "in_place": False}, then=False),
        submit("d", "narrow", item=2),
        Call("correct", {"label": "e", "pick": 0.74, "send": False, "delay": 0}),
    ),
    "the only mark that is there is put back with a store that could write none": history(
        Call("kill", then=False),
        Call("fault", {"trouble": "unopened", "after": 2, "times": 3}, then=False),
        Call("start"),
        Call("copy_store", {"label": "a"}, then=False),
        Call("kill", then=False),
        Call("put_back", {"label": "a", "mark": "comes", "in_place": False}, then=False),
    ),
    "a mark that could not be written at the start names its run later": history(
        Call("kill", then=False),
        Call("fault", {"trouble": "unopened", "after": 2, "times": 2}, then=False),
        Call("start"),
        Call("copy_store", {"label": "a"}, then=False),
        Call("kill", then=False),
        Call("start"),
        Call("kill", then=False),
        Call("put_back", {"label": "a", "mark": "comes", "in_place": True}, then=False),
    ),
    "a mark that is there though its write failed is that of the store": history(
        Call("fault", {"trouble": "unsynced", "after": 8, "times": 20}, then=False),
        Call("stop", then=False),
        Call("start"),
        Call("stop", then=False),
    ),
    "settings that could not be opened are read though they have not changed": history(
        Call("bring", {**NEWS, "label": "a", "items": [4, 3], "function": "letter", "rate": None}),
        Call("send", {"pick": 0.0}),
        Call("kill", then=False),
        Call("fault", {"trouble": "unopened", "after": 2, "times": 3}, then=False),
        Call("start"),
        is_ours=True,
    ),
    "a clock set back a little while a batch allows no more": history(
        Call("bring", {**NEWS, "label": "a", "items": [1], "function": "letter", "rate": "2/h"}),
        Call("send", {"pick": 0.91, "delay": 0, "same": False}, then=False),
        Call("correct", {"label": "b", "pick": 0.27, "send": True, "delay": 60}),
        Call("end", {"pick": 0.83, "how": "crash"}),
        Call("end", {"pick": 0.17, "how": "give back"}),
        Call("jump", {"seconds": -0.4}),
        Call("change", {"pick": 0.0, "what": "now", "after": 5}),
    ),
    "the clock is set back before the start of a batch of which a row is retried": history(
        Call("bring", {**NEWS, "label": "a", "items": [4, 2], "function": "letter", "rate": "2/h"}),
        Call("send", {"pick": 0.0, "delay": 5, "same": True}, then=False),
        Call("wait", {"seconds": 80_000}),
        Call("cancel_batch", {"pick": 0.0}),
        Call("stop", then=False),
        Call("jump", {"seconds": -400 * DAY_S}, then=False),
        Call("start"),
        Call("retry", {"pick": 0.0}, then=False),
    ),
    "a store whose mark is lost as it stops counts its attempts as cut short": history(
        Call("bring", {**NEWS, "label": "a", "items": [1, 2], "function": "letter", "rate": None}),
        Call("send", {"pick": 0.0}),
        Call("stop", {"killed": True}, then=False),
        Call("spoil_mark", {"how": "missing"}, then=False),
    ),
    "a retry of a batch waits behind its cancel": history(
        Call(
            "bring", {**NEWS, "label": "a", "items": [4, 3, 6], "function": "plain", "rate": None}
        ),
        Call("wait", {"seconds": 5}, then=False),
        Call("send", {"pick": 0.0, "delay": 0, "same": False}),
        Call("end", {"pick": 0.0, "how": "final"}),
        Call("batch_later", {"pick": 0.0, "action": "cancel", "delay": 60}),
        Call("retry_batch", {"pick": 0.0}),
        slots=1,
    ),
    "an older store is put back, 400 days after the spreadsheet of its task was forgotten": history(
        Call("bring", {**NEWS, "label": "a", "items": [1], "function": "letter", "rate": "2/h"}),
        Call("send", {"pick": 0.0, "delay": 5, "same": False}, then=False),
        Call("wait", {"seconds": 60}),
        Call("go", {"pick": 0.0, "steps": 4}),
        Call("bring", {**NEWS, "label": "b", "items": [7], "function": "letter", "rate": None}),
        Call("send", {"pick": 0.99}),
        Call("stop", then=False),
        Call("jump", {"seconds": 400 * DAY_S}, then=False),
        Call("start"),
        Call("go", {"pick": 0.99, "steps": 4}),
        Call("stop", then=False),
        Call("start"),
        Call("resolve", {"pick": 0.98, "outcome": "again"}),
        Call("wait", {"seconds": 90_000}),
        Call("resolve", {"pick": 0.99, "outcome": "done"}),
        Call("wait", {"seconds": 5}, then=False),
        Call("copy_store", {"label": "c"}, then=False),
        Call("kill", then=False),
        Call("put_back", {"label": "c", "mark": "stays", "in_place": True}, then=False),
    ),
    "a drive that lies loses limits that were saved": history(
        Call("submit", {"label": "x1", "tasks": [{"function": "letter"}] * 5}),
        Call("kill", then=False),
        Call("spoil_settings", {"how": "cut", "part": 0}, then=False),
        Call("fault", {"trouble": "lie", "after": 8, "times": 20}, then=False),
        Call("start"),
        Call("limit", {"queue": "post", "concurrency": None, "rate": "1/s"}),
        Call("fault", {"trouble": "cut", "after": 14}, then=False),
        Call("end", {"pick": 0.8, "how": "offline"}, then=False),
        Call("resend_later", {"pick": 0.4, "label": "l36", "delay": 60}),
        Call("start"),
        Call("spoil_settings", {"how": "unreadable", "part": 0.04}),
        Call("wait", {"seconds": 5}),
        Call("limit", {"queue": "post", "concurrency": 2, "rate": None}),
        is_ours=True,
    ),
}
"""Histories that once broke a promise, as they were shrunk."""


@pytest.mark.parametrize("what", FOUND)
def test_a_history_that_once_broke_a_promise_keeps_it(what: str) -> None:
    assert FOUND[what].play() is None


def test_what_follows_a_failed_sync_outlives_a_power_cut() -> None:
    for seed in range(20):
        calls = (
            submit("a", "urgent", "urgent"),
            Call("fault", {"trouble": "unsynced", "after": 0, "times": 20}, then=False),
            Call("stop", then=False),
            Call("cure", then=False),
            Call("start", then=False),
            submit("b", "plain"),
            Call("cut", {"kept": "none"}, then=False),
        )
        assert History(seed, Setting(), calls).play() is None


def test_an_index_that_a_lying_drive_has_left_behind_starts_nothing() -> None:
    waits = {"label": "a", "tasks": [{"function": "news", "delay": 60}, {"function": "news"}]}
    for seed in range(40):
        calls = (
            Call("fault", {"trouble": "lie", "after": 5, "times": 3}, then=False),
            Call("submit", waits),
            Call("cancel", {"pick": 0.0}),
            Call("go", {"pick": 0.0, "steps": 4}),
            Call("cut", {"kept": "first"}, then=False),
            Call("sleep", {"seconds": 60}),
        )
        assert History(seed, Setting(checkpoint_pages=8), calls).play() is None


@pytest.mark.parametrize("end", ["end", "cancel"])
def test_a_letter_is_corrected_while_its_function_is_away(end: str) -> None:
    letters = [
        {"function": "letter", "delay": 5},
        {"function": "letter", "key": "b", "priority": -1},
        {"function": "narrow", "key": "a"},
    ]
    how = {"how": "offline"} if end == "end" else {}
    play(
        Call("submit", {"label": "a", "tasks": letters, "item": 2}),
        Call("end", {"pick": 0.5, "how": "offline"}),
        Call("forget", {"function": "letter"}, then=False),
        Call("cancel", {"pick": 0.12}),
        Call("correct", {"label": "b", "pick": 0.49, "send": False, "delay": 0}, then=False),
        Call("end", {"pick": 0.2, "how": "offline"}),
        Call(end, {"pick": 0.24, **how}),
        slots=1,
        checkpoint_pages=8,
    )


def test_any_statement_and_those_after_it_get_no_memory_even_a_rollback() -> None:
    for after, times in zip(range(0, 66, 2), cycle((1, 2, 3, 6)), strict=False):
        play(
            submit("a", "guest", "letter", item=14),
            Call("fault", {"trouble": "no memory", "after": after, "times": times}, then=False),
            Call("end", {"pick": 0.0, "how": "quota"}),
            Call("go", {"pick": 0.9, "steps": 4}),
            submit("b", "plain"),
            slots=2,
        )


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_message_in_sent_is_not_sent_again_from_an_older_store(is_ours: bool) -> None:
    calls = (
        submit("a", "letter"),
        Call("copy_store", {"label": "a"}),
        *(Call("go", {"pick": 0.0}) for _ in range(3)),
        Call("kill", then=False),
        Call("put_back", {"label": "a", "mark": "comes", "in_place": True}),
        Call("start"),
        Call("go", {"pick": 0.0}),
    )
    scene = Scene(Setting(is_ours=is_ours), 0)
    assert History(0, scene.setting, calls).play_on(scene) is None
    assert [event.state for event in scene.witness.events].count("uncertain") == 1


def test_a_row_that_has_left_is_not_sent_again_from_a_store_in_which_it_had_no_task() -> None:
    calls = (
        Call("pause", {"queue": None}),
        Call("bring", {**NEWS, "label": "a", "items": [1], "function": "letter", "rate": None}),
        Call("send", {"pick": 0.0}),
        Call("copy_store", {"label": "a"}),
        Call("resume", {"queue": None}),
        *(Call("go", {"pick": 0.0}) for _ in range(4)),
        Call("stop", then=False),
        Call("put_back", {"label": "a", "mark": "stays", "in_place": False}, then=False),
        Call("start"),
        Call("resume", {"queue": None}),
        Call("go", {"pick": 0.0}),
    )
    scene = Scene(Setting(is_ours=True), 0)
    assert History(0, scene.setting, calls).play_on(scene) is None
    assert [event.state for event in scene.witness.events].count("uncertain") == 1


def test_the_power_goes_while_a_message_is_kept() -> None:
    for after in range(4):
        play(
            submit("a", "letter"),
            Call("go", {"pick": 0.0}),
            Call("fault", {"trouble": "cut", "after": after}, then=False),
            Call("go", {"pick": 0.0}),
            Call("start"),
        )


@pytest.mark.parametrize("after", range(14))
def test_the_power_goes_before_the_store_remembers_limits_that_were_saved(after: int) -> None:
    play(
        Call("limit", {"queue": "urgent", "concurrency": 1, "rate": "1/s"}),
        Call("fault", {"trouble": "cut", "after": after}, then=False),
        Call("limit", {"queue": "post", "concurrency": None, "rate": "2/min"}),
        checkpoint_pages=60,
        is_ours=True,
    )


def test_a_person_has_a_message_sent_again_and_an_older_store_has_that_before_it() -> None:
    for place in range(4):
        play(
            submit("a", "letter"),
            Call("copy_store", {"label": "a"}),
            Call("go", {"pick": 0.0, "steps": 2}),
            Call("go", {"pick": 0.0, "steps": 2}),
            Call("stop", then=False),
            Call("put_back", {"label": "a", "mark": "stays", "in_place": False}, then=False),
            Call("start"),
            Call("resume", {"queue": None}),
            *(Call("go", {"pick": 0.0}) for _ in range(2)),
            Call("resolve", {"pick": 0.0, "outcome": "again"}),
            *(Call("go", {"pick": 0.0}) for _ in range(place)),
            Call("copy_store", {"label": "b"}, then=False),
            *(Call("go", {"pick": 0.0}) for _ in range(4)),
            Call("stop", then=False),
            Call("put_back", {"label": "b", "mark": "comes", "in_place": False}, then=False),
            Call("start"),
            is_ours=True,
        )


def test_a_task_file_is_copied_anew_after_a_start_that_failed() -> None:
    copied = Call("copy_task_file", {"parts": [], "pause": 0.05}, then=False)
    play(
        copied,
        Call("kill", then=False),
        Call("fault", {"trouble": "unopened", "after": 2}, then=False),
        Call("start"),
        Call("cure", then=False),
        copied,
        Call("start"),
        is_ours=True,
    )


def test_tasks_that_follow_others_are_cancelled_with_them_in_an_older_store() -> None:
    follower = {"function": "narrow", "after": [0]}
    play(
        Call("submit", {"label": "a", "tasks": [{"function": "plain"}, follower]}, then=False),
        Call("copy_store", {"label": "b"}, then=False),
        Call("stop", then=False),
        Call("put_back", {"label": "b", "mark": "stays", "in_place": True}, then=False),
        Call("start"),
        Call("cancel", {"pick": 0.0}),
    )


@pytest.mark.parametrize("ahead", [0.0, 89 * DAY_S])
def test_a_clock_in_doubt_is_further_ahead_for_one_run_and_then_put_back(ahead: float) -> None:
    play(
        submit("a", "plain"),
        *(Call("go", {"pick": 0.0, "steps": 4}) for _ in range(2)),
        Call("jump", {"seconds": 91 * DAY_S}),
        Call("kill", then=False),
        Call("jump", {"seconds": ahead}, then=False),
        Call("start"),
        Call("kill", then=False),
        Call("jump", {"seconds": -ahead - 0.4}, then=False),
    )


def test_a_row_is_cancelled_at_a_start_that_takes_the_store_for_an_older_one() -> None:
    letters = {"title": "b", "function": "letter", "rate": None}
    play(
        Call("bring", {**letters, "label": "a", "items": [6, 1, 5]}),
        Call("send", {"pick": 0.0}),
        Call("cancel", {"pick": 0.0}),
        Call("kill", then=False),
        Call("fault", {"trouble": "unopened", "after": 2, "times": 3}, then=False),
        Call("start"),
        Call("bring", {**letters, "label": "b", "items": [6]}),
        Call("send", {"pick": 0.9}),
    )


def test_a_person_lets_a_task_begin_before_the_one_it_follows_in_an_older_store() -> None:
    follower = {"function": "letter", "priority": -1, "after": [0]}
    spoilt = (Call("stop", then=False), Call("spoil_mark", {"how": "cut"}, then=False))
    play(
        submit("a", "letter", "letter", "letter"),
        Call("submit", {"label": "b", "tasks": [{"function": "urgent", "priority": -1}, follower]}),
        *spoilt,
        Call("start"),
        *spoilt,
    )


def test_a_mark_that_cannot_be_read_at_two_starts_is_still_that_of_the_store() -> None:
    unread = {"trouble": "unopened", "after": 2}
    play(
        Call("kill", then=False),
        Call("fault", {**unread, "times": 2}, then=False),
        Call("start"),
        Call("kill", then=False),
        Call("fault", {**unread, "times": 3}, then=False),
        Call("start"),
        Call("kill", then=False),
    )


def test_a_start_that_has_paused_an_older_store_fails_and_the_next_one_finds_it_paused() -> None:
    calls = (
        Call("bring", {**NEWS, "label": "a", "items": [4, 6, 4, 6, 3, 5], "rate": None}),
        Call("fault", {"trouble": "unsynced", "after": 11, "times": 3}, then=False),
        Call("stop", then=False),
        Call("spoil_mark", {"how": "cut"}, then=False),
        Call("start"),
    )
    assert History(809736, Setting(), calls).play() is None


def test_limits_of_a_group_that_the_disk_refused_are_in_the_next_one() -> None:
    letters = submit("b", *["letter"] * 5)
    play(
        submit("a", *["letter"] * 5),
        Call("stop", then=False),
        Call("spoil_settings", {"how": "cut", "part": 0.52}, then=False),
        Call("start"),
        Call("go", {"pick": 0.6, "steps": 2}),
        Call("go", {"pick": 0.85, "steps": 2}),
        Call("fault", {"trouble": "unsynced", "after": 12, "times": 1}, then=False),
        replace(letters, then=False),
        Call("stop", then=False),
        Call("spoil_settings", {"how": "missing", "part": 0}, then=False),
        Call("start"),
        Call("limit", {"queue": "post", "concurrency": 1, "rate": None}),
        submit("c", *["letter"] * 5),
        Call("kill", then=False),
        Call("spoil_settings", {"how": "unreadable", "part": 0.85}, then=False),
        Call("start"),
        is_ours=True,
        most=1,
    )


def test_a_power_cut_brings_an_older_mark_back_whose_folder_was_not_synced() -> None:
    calls = (
        Call("kill", then=False),
        Call("spoil_mark", {"how": "cut"}, then=False),
        Call("start"),
        Call("fault", {"trouble": "cut", "after": 0}, then=False),
        Call("sleep", {"seconds": 2_700_000}),
        Call("fault", {"trouble": "unsynced", "after": 5, "times": 3}, then=False),
        Call("start", then=True),
        Call("fault", {"trouble": "cut", "after": 11}, then=False),
        Call("start"),
    )
    for seed in range(3):
        assert History(seed, Setting(checkpoint_pages=60, most=4), calls).play() is None
