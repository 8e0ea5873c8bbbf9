"""The places of a batch's buttons: none comes where the person is about to press another one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.gui.batches.batch_card import COMES, STEERS, BatchCard
from desktop.gui.kit.widgets.card import Headline
from desktop.gui.tasks.acting.pending_actions import PendingAction
from tests.gui.batches.test_batch_model import batch

CANCEL = PendingAction(1, "cancel", 40, batch=1)
RETRY = PendingAction(1, "retry", 1, batch=1)


@pytest.fixture
def card(qtbot: QtBot, qapp: QApplication) -> BatchCard:
    made = BatchCard()
    qtbot.addWidget(made)
    return made


def places(qtbot: QtBot, card: BatchCard) -> dict[str, QRect]:
    """Where the buttons are that can be pressed, by their verbs."""
    buttons = {**card.row.buttons, "more": card.row.more}
    qtbot.waitUntil(lambda: any(each.isVisible() for each in buttons.values()))
    apart = [each for verb, each in buttons.items() if verb in STEERS | {"undo"}]
    qtbot.waitUntil(lambda: all(each.isVisible() for each in apart))
    card.column.activate()
    there = {verb: b for verb, b in buttons.items() if b.isVisible() and b.isEnabled()}
    return {verb: QRect(each.mapTo(card, QPoint()), each.size()) for verb, each in there.items()}


@pytest.mark.parametrize("width", [500, 700, 900, 1200])
def test_no_state_puts_a_button_where_another_one_was(
    qtbot: QtBot, card: BatchCard, width: int
) -> None:
    """*Cancel the rest* came where *Save report…* had been, and *Try now* in place of *Pause*."""
    wrong = {"cause": "a", "title": "?", "about": {"kind": "task"}, "count": 20}
    address: Any = {**wrong, "cure": "correct_address"}

    def show(state: str, causes: Any = (), **given: Any) -> dict[str, QRect]:
        counts = {"rows": 90, "left_out": 4, **given.pop("counts")}
        card.show_batch(
            batch(1, state=state, sheet="a.csv", counts=counts, causes=[*causes], **given)
        )
        return places(qtbot, card)

    card.setFixedSize(width, 300)
    card.show()
    late = {"counts": {"open": 40, "sent": 20, "failed": 20}, "put_off": {"count": 30}}
    found = [
        show("running", counts={"open": 70, "sent": 20}),
        show("running", [address], counts={"open": 50, "sent": 20, "failed": 20}),
        show("running", [address], **late),
        show("paused", [address], **late),
        show("done", [address], counts={"sent": 70, "failed": 20}),
        show("done", counts={"sent": 70, "cancelled": 20}),
        show("done", counts={"sent": 90}),
    ]
    for before, after in pairwise([*found, *reversed(found)]):
        stays = before.keys() & after.keys() - COMES
        assert {verb: after[verb] for verb in stays} == {verb: before[verb] for verb in stays}
    for one, other in permutations(found, 2):
        for verb in one.keys() & STEERS:
            at = one[verb]
            others = {name for name in other if other[name].intersects(at)} - STEERS
            assert not others


@pytest.mark.parametrize("width", [500, 700, 900, 1200])
def test_undo_stands_where_no_button_was_or_comes(
    qtbot: QtBot, card: BatchCard, width: int
) -> None:
    """It came in place of *Send the 20 that failed*, and that 5 s later in place of it."""

    def show(state: str, counts: dict[str, int], **given: Any) -> dict[str, QRect]:
        stands = {key: given.pop(key) for key in ("started", "may_undo") if key in given}
        shown = batch(1, state=state, sheet="a.csv", counts={"rows": 90, **counts}, **given)
        card.show_batch(shown, **stands)
        return places(qtbot, card)

    card.setFixedSize(width, 300)
    card.show()
    late: Any = {"counts": {"open": 40, "sent": 20, "failed": 20}, "put_off": {"count": 30}}
    tried: Any = {"counts": {"open": 60, "sent": 20}, "put_off": {"count": 30}}
    cancelled = {"sent": 20, "failed": 20, "cancelled": 40}
    for steps in (
        [
            show("running", **late),
            show("running", **late, started=CANCEL),
            show("paused", **late, started=CANCEL),
            show("paused", **late, started=replace(CANCEL, is_due=True)),
            show("done", cancelled),
        ],
        [
            show("done", cancelled),
            show("done", cancelled, started=RETRY),
            show("running", **tried),
        ],
        [show("running", **late), show("running", **late, may_undo=True)],
    ):
        undo = [at["undo"] for at in steps if "undo" in at]
        assert undo
        assert len({(at.topLeft().toTuple(), at.size().toTuple()) for at in undo}) == 1
        for at in steps:
            for verb in at.keys() - {"undo"}:
                assert not at[verb].intersects(undo[0]), verb
    abouts = set()
    for state, started in (("done", None), ("done", RETRY), ("running", None), ("paused", None)):
        show(state, tried["counts"] if state != "done" else cancelled, started=started)
        abouts.add(card.about.y())
        (title,) = card.findChildren(Headline)
        icon, words = title.findChildren(QLabel)
        assert abs(icon.geometry().center().y() - words.geometry().center().y()) < 3
        assert words.height() < 32, "the icon stands beside the first line"
    assert len(abouts) == 1 or width < 600, "below them nothing moves"
