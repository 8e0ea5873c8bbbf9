"""Pauses among causes: what stands in their line, and how each is ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.contract.causes import Cure
from desktop.contract.states import State
from desktop.gui.causes.cause_model import CauseColumn
from desktop.gui.kit.rights import WindowRights
from desktop.gui.kit.words.states import LOOKS
from tests.gui.causes.test_cause_view import Watched, cause

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

ALL: Any = {"kind": "reason", "reason": "all_paused"}
MAIL: Any = {"kind": "reason", "reason": "queue_paused", "queue": "mail"}
QUEUE: Any = {"kind": "reason", "reason": "queue_paused", "queue": "slow"}
BATCH: Any = {"kind": "reason", "reason": "batch_paused", "batch_id": 7, "batch": "Members"}


def pause(name: str, about: Any, waiting: int, behind: int = 0) -> Any:
    since = "2026-11-21T09:00:00.000Z"
    told = cause(name, Cure.RESUME, behind=behind, waiting=waiting)
    return {**told, "about": about, "where": [], "first_at": since, "last_at": since}


@pytest.fixture
def watched(qtbot: QtBot, themes: ThemeSource) -> Watched:
    return Watched(qtbot, themes)


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (ALL, "Everything is paused"),
        (MAIL, "The queue Mail is paused"),
        (QUEUE, "The queue slow is paused"),
        (BATCH, "The batch Members is paused"),
    ],
)
def test_a_pause_is_a_line_with_its_end(
    qtbot: QtBot, watched: Watched, about: Any, words: str
) -> None:
    watched.view.set_stopped({"", "mail"})
    watched.show(pause("a", about, 16, behind=4984))
    count, said, where, _, _, helps = watched.cells()
    assert (count, said, where, helps) == ("5,000", words, "", "Resume")
    mark = watched.view.model.cell(0, CauseColumn.TASKS).mark
    assert mark == [(replace(LOOKS[State.WAITING], icon="pause"), "5,000")]
    assert list(watched.card.row.buttons) == ["resume", "tasks"]
    assert watched.card.title.text() == words
    told = [label.text() for label in watched.card.findChildren(QLabel)]
    assert any(text.startswith("Paused since ") for text in told)
    assert "5,000 waiting (4,984 still in batches)" in watched.card.states.text()
    table = watched.view.table
    where_it_is = table.visualRect(watched.view.model.index(0, CauseColumn.HELP)).center()
    button = watched.card.row.buttons["resume"]
    for pressed, at in ((table.viewport(), where_it_is), (button, button.rect().center())):
        with qtbot.waitSignal(watched.view.action_chosen) as acted:
            qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton, pos=at)
        assert (acted.args[0], acted.args[1]["about"]) == ("resume", about)


def test_a_pause_of_rows_to_come_alone_can_be_ended(watched: Watched) -> None:
    watched.show(pause("a", BATCH, 0, behind=9))
    assert watched.cells()[CauseColumn.TASKS] == "9"
    assert list(watched.card.row.buttons) == ["resume", "tasks"]


def test_what_waits_in_a_paused_batch_is_tried_after_that(watched: Watched) -> None:
    again = cause("a", None, waiting=3)
    watched.show({**again, "paused": {"7": 1}})
    assert watched.cells()[-1] == "Retrying automatically (1 after a pause)"
    assert list(watched.card.row.buttons) == ["try_now", "tasks"]
    watched.show({**again, "paused": {"7": 3}})
    assert watched.cells()[-1] == "Retrying after the pause"
    assert list(watched.card.row.buttons) == ["resume", "tasks"]
    watched.show({**again, "paused": {"7": 1, "8": 2}})
    assert watched.cells()[-1] == "Retrying after the pause"
    assert list(watched.card.row.buttons) == ["tasks"], "each is ended by itself"


def test_who_may_only_look_cannot_end_a_pause(qtbot: QtBot, themes: ThemeSource) -> None:
    looking = Watched(qtbot, themes, WindowRights(may_change=False))
    looking.show(pause("a", ALL, 9))
    assert looking.cells()[CauseColumn.HELP] == "Resume"
    assert looking.view.model.cell(0, CauseColumn.HELP).mark is False
    assert list(looking.card.row.buttons) == ["tasks"]


@pytest.mark.parametrize(
    ("about", "paused"),
    [
        ({"kind": "answer", "task": "send_confirmation_email"}, {"mail"}),
        ({"kind": "exception", "task": "receipt"}, {"receipt"}),
        ({"kind": "reason", "queue": "slow"}, {"slow", "mail"}),
        ({"kind": "said"}, {""}),
    ],
)
def test_what_goes_on_by_itself_does_so_after_a_pause(
    watched: Watched, about: Any, paused: set[str]
) -> None:
    again = cause("a", None, waiting=2)
    watched.show({**again, "about": {"text": "451", **about}})
    watched.view.set_stopped({"another"})
    assert watched.cells()[-1] == "Retrying automatically"
    assert list(watched.card.row.buttons) == ["try_now", "tasks"]
    watched.view.set_stopped({"another"}, paused)
    assert watched.cells()[-1] == "Retrying once the queue continues"
    assert list(watched.card.row.buttons) == ["try_now", "tasks"]
    watched.view.set_stopped(paused)
    assert watched.cells()[-1] == "Retrying after the pause"
    said = [label.text() for label in watched.card.findChildren(QLabel)]
    assert any("Retrying after the pause." in words for words in said)
    assert list(watched.card.row.buttons) == ["resume", "tasks"]  # nothing could be tried
    watched.show({**again, "about": {**about, "reason": "held_for_person"}, "cure": Cure.RETRY})
    assert list(watched.card.row.buttons) == ["try_now", "tasks"]  # else it stays on hold
    watched.show(cause("a", queued=2, again=1))
    assert watched.cells()[-1] == "2 queued again"
