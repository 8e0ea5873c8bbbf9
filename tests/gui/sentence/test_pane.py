"""The sentence on screen: its button, its link, its bar, and what a screen reader hears."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.gui.frame import input as window_input
from desktop.gui.sentence import pane as module
from desktop.gui.sentence.cases import said
from tests.gui.sentence.said import together
from tests.gui.sentence.scenes import CASES

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow
    from desktop.gui.sentence.facts import Facts
    from desktop.gui.sentence.pane import SentencePane

pytestmark = pytest.mark.dressed


@pytest.fixture
def pane(window: AppWindow) -> SentencePane:
    return window.sentence


def show(pane: SentencePane, *facts: Facts) -> None:
    mixed = facts[0]
    for other in facts[1:]:
        mixed = together(mixed, other)
    pane.show_statements([*said(mixed)])
    QApplication.processEvents()


def test_it_shows_the_parts_that_a_case_has(pane: SentencePane) -> None:
    show(pane, CASES["sending"])
    assert pane.words.text() == "1,204 of 2,986 sent"
    assert (pane.bar.isVisible(), pane.bar.value()) == (True, 403)
    assert pane.button.text() == "Pause"
    assert not pane.also.isVisible()
    show(pane, CASES["crashed"])
    assert pane.cross.isVisible()
    assert not pane.bar.isVisible()
    show(pane, CASES["disk full"])
    assert not pane.button.isVisible()
    assert pane.soft.text() == "The disk is full. 38 wait; nothing was lost."


def test_the_link_steps_through_what_else_there_is_and_back(pane: SentencePane) -> None:
    show(pane, CASES["paused"], CASES["one failed"], CASES["crashed"], CASES["practice"])
    assert pane.also.text() == "Also: Dee Park: The address does not exist · 1 more"
    for words in ("Dee Park: The address does not exist", "Sendoff crashed (10:12)"):
        pane.also.click()
        assert pane.words.text() == words
    show(pane, CASES["paused"], CASES["one failed"], CASES["crashed"])  # it stays there
    assert pane.words.text() == "Sendoff crashed (10:12)"
    pane.also.click()
    assert pane.words.text() == "Sending is paused"
    pane.also.click()
    show(pane, CASES["disk full"], CASES["paused"], CASES["one failed"])
    assert pane.words.text() == "Sendoff stands still: nothing can be stored on this computer"


def test_a_button_is_dead_for_a_moment_after_its_verb_changed(
    pane: SentencePane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_input, "SETTLES_MS", 500)
    clock = [100.0]
    monkeypatch.setattr(window_input, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    pressed: list[str] = []
    pane.chosen.disconnect()
    pane.chosen.connect(lambda button: pressed.append(button.verb))
    show(pane, CASES["sending"])
    clock[0] += 1.0
    pane.button.click()
    show(pane, CASES["paused"])
    pane.button.click()  # it was meant for Pause
    clock[0] += 0.6
    show(pane, CASES["paused, nothing waits"])
    pane.button.click()
    assert pressed == ["pause", "resume"]


def test_a_screen_reader_finds_a_group_and_is_told_when_the_kind_of_the_case_changes(
    pane: SentencePane, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _, text: heard.append(text))
    show(pane, CASES["paused"])
    show(pane, CASES["paused, nothing waits"])
    show(pane, CASES["sending"])
    show(pane, CASES["sending, the last ones"])
    show(pane, CASES["sign-in"])
    assert [each.partition(".")[0] for each in heard] == [
        "Sending is paused",
        "1,204 of 2,986 sent",
        "Microsoft wants a new sign-in",
    ]
    group = QAccessible.queryAccessibleInterface(pane.box)
    assert group.role() == QAccessible.Role.Grouping
    assert group.text(QAccessible.Text.Name) == "State"
    assert "None is lost" in group.text(QAccessible.Text.Description)


def test_what_is_below_moves_only_while_the_pointer_rests(window: AppWindow) -> None:
    pane, pointer = window.sentence, window.pointer
    window.resize(900, 600)
    window.show_rows()
    show(pane, CASES["nothing waits"])
    usual = pane.height()
    for name in CASES:
        show(pane, CASES[name])
        assert pane.height() == usual, name  # one line of each
    pointer.move()
    window.resize(600, 600)
    show(pane, CASES["restored"], CASES["sign-in"], CASES["two need you"])
    assert pane.height() == usual
    pointer.stop()
    QTest.qWait(2 * window_input.RESTS_MS)
    assert pane.height() > usual
