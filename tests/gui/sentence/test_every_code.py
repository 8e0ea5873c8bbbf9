"""Each id, action, reason, condition, state and fault has its case in the sentence, or none."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import get_args

import pytest

import desktop
from desktop.contract.batch_condition import Condition
from desktop.contract.office import OfficeNotice, OfficeReason
from desktop.gui.link.outbox import WishState
from desktop.gui.sentence.cases import said
from sendoff_tasks.client.health import BackendState, Missing, ServerFault
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.reasons import Reason
from tests.gui.sentence.scenes import CASES

ROW = "none: it is a task's own; its row says it"
WAITS = "none: it goes on by itself; its row says until when"
ENDED = "none: the task is done with; its row says how"
FAILED = "one failed"
UNCERTAIN = "one uncertain"
HELD = "letters cannot be made"
TOLD: dict[Enum, str] = {
    NoticeId.STORE: "disk full",
    NoticeId.ENGINE: "engine stands still",
    NoticeId.BACKUP: "backup failed",
    NoticeId.RESTORED: "restored",
    NoticeId.CLOCK: "clock",
    NoticeId.SETTINGS: "settings unreadable",
    NoticeId.TOKENS: "tokens unreadable",
    NoticeId.PAGE: "none: it happened once, so it is a note",
    NoticeId.QUEUE: "a queue held",
    NoticeId.PAUSED: "paused",
    NoticeId.OWN_TASKS: "own tasks broken",
    OfficeNotice.STRANGE_SETTINGS: "settings misspelt",
    Reason.DELAYED: "planned",
    Reason.RETRY_LATER: "put off",
    Reason.NO_ROOM: WAITS,
    Reason.ALONE_AFTER_CRASH: WAITS,
    Reason.AHEAD: ROW,
    Reason.RATE_LIMIT: ROW,
    Reason.CONCURRENCY_LIMIT: ROW,
    Reason.LANE_FULL: ROW,
    Reason.QUEUE_PAUSED: "a queue paused",
    Reason.ALL_PAUSED: "paused",
    Reason.QUEUE_HELD: "a queue held",
    Reason.OFFLINE: "offline",
    Reason.QUOTA: "quota",
    Reason.AFTER_RESPONSE: ROW,
    Reason.AFTER_TASK: WAITS,
    Reason.HELD_FOR_PERSON: HELD,
    Reason.HELD_FOR_FUNCTION: HELD,
    Reason.HELD_AFTER_CRASHES: HELD,
    Reason.GIVEN_BACK: ROW,
    Reason.RESCUED: ROW,
    Reason.ASKED_AGAIN: ROW,
    Reason.CANCEL_REQUESTED: ROW,
    Reason.OVERDUE: ROW,
    Reason.KEPT: "kept, real sending on",
    Reason.SETTLED_BY_PERSON: "the last one was settled",
    Reason.CANCELLED_BY_PERSON: ENDED,
    Reason.CANCELLED_BY_TASK: ENDED,
    Reason.CANCELLED_WITH_TASK: ENDED,
    Reason.DEADLINE_PASSED: FAILED,
    Reason.FINAL_ANSWER: FAILED,
    Reason.ATTEMPTS_USED_UP: FAILED,
    Reason.NO_ANSWER: UNCERTAIN,
    Reason.CUT_SHORT: UNCERTAIN,
    Reason.STOPPED_BY_PERSON: UNCERTAIN,
    Reason.MAY_BE_DONE: UNCERTAIN,
    OfficeReason.BATCH_LIMIT: WAITS,
    OfficeReason.BATCH_PAUSED: "a sheet paused",
    OfficeReason.UNSETTLED: "unsettled",
    OfficeReason.CAME_BACK: "the last one came back",
    Condition.DRAFT: "none: nothing is sent; the list of spreadsheets has it",
    Condition.PAUSED: "a sheet paused",
    Condition.WAITING: "put off",
    Condition.UNSETTLED: "unsettled",
    Condition.READY: "ready",
    Condition.HELD: "none: its queue is said, or its rows need a person",
    Condition.SCHEDULED: "planned",
    Condition.SENDING: "sending",
    Condition.DONE: "none: the list of spreadsheets has it",
    Missing.APP: "app away",
    Missing.DATABASE: "database away",
    ServerFault.NO_ANSWER: "server does not answer",
    ServerFault.SPARE: "server is a spare",
    ServerFault.NO_NAME: "server: no such name",
    ServerFault.NO_TRUST: "server: not trusted",
    ServerFault.NOT_SENDOFF: "server: another program",
    ServerFault.OTHER_ADDRESS: "server: another address",
    ServerFault.TOKEN: "server: token unknown",
    ServerFault.EXPIRED: "server: token expired",
    ServerFault.OLDER: "server is older",
    ServerFault.NEWER: "server is newer",
    ServerFault.REPLACED: "window was replaced",
    WishState.ASKED: "none: it is on its way",
    WishState.ANSWERED: "none: what it changed is shown",
    WishState.REFUSED: "none: who asked says why",
    WishState.AWAY: "not made",
}
"""The scene of each, or that it has none, and why."""
STATES = {
    "Starting": "starting",
    "Finishing": "finishing",
    "Away": "server does not answer",
    "Ready": "empty",
    "Gone": "restarting",
    "GaveUp": "gave up",
}
ACTIONS = {
    "sign_in": "sign-in",
    "mail_settings": "password",
    "resume": "paused",
    "tasks_folder": "own tasks broken",
}
KINDS = {type(each) for each in TOLD}


def test_each_code_is_named() -> None:
    every = [code for kind in KINDS for code in kind]
    assert {str(each) for each in TOLD} == {str(each) for each in every}
    assert set(STATES) == {each.__name__ for each in get_args(BackendState)}


@pytest.mark.usefixtures("qapp")
def test_each_scene_that_is_named_says_something() -> None:
    for name in [*TOLD.values(), *STATES.values(), *ACTIONS.values()]:
        assert name.startswith("none: ") or next(said(CASES[name])).text, name


def test_each_notice_has_an_id_and_an_action_that_are_known() -> None:
    ids, actions = set(), set()
    for file in Path(desktop.__file__).parent.rglob("*.py"):
        if "gui" not in file.parts:
            text = file.read_text(encoding="utf-8")
            ids |= set(re.findall(r"\bNotice\(\s*id=(?:f\"\{)?([\w.]+)", text))
            ids |= set(re.findall(r"(?<!def )\bnotice_of\(([\w.]+)", text))
            actions |= set(re.findall(r"\b(?:notice_)?action=\"(mail_\w+|\w+_folder)\"", text))
            actions |= set(re.findall(r"\baction = \"(\w+)\" if .* else \"(\w+)\"", text))
    assert {each.partition(".")[0] for each in ids} <= {"NoticeId", "name"}
    flat = {word for each in actions for word in ((each,) if isinstance(each, str) else each)}
    assert flat <= set(ACTIONS)
