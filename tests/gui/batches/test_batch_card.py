"""The desk's page of a batch: where each action stands, and what its links lead to."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.gui.batches.batch_card import CAUSES, BatchCard
from desktop.gui.kit.rights import ALL_RIGHTS
from tests.gui.batches.said import ON_DESK, UNSURE, on_desk
from tests.gui.batches.test_batch_model import batch
from tests.gui.desk_acts import choose, offered


@pytest.fixture
def card(qtbot: QtBot, qapp: QApplication) -> BatchCard:
    made = BatchCard(ALL_RIGHTS)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("name", ON_DESK)
def test_each_action_stands_in_one_place_and_at_most_one_leads(name: str, qapp: object) -> None:
    shown = on_desk(name)
    verbs = [each.verb for each in shown.actions]
    assert len(verbs) == len({*verbs})
    assert len(shown.head.buttons) <= 2
    assert len(shown.foot.left) <= 1
    assert len(shown.foot.right) <= 2
    assert all(each.about == 2 for each in shown.actions)
    lead = shown.lead
    assert lead is not None
    assert len(lead.causes) <= CAUSES + 1


def test_each_number_leads_to_its_rows(qtbot: QtBot, card: BatchCard) -> None:
    counts = {"rows": 9, "sent": 3, "failed": 2, "cancelled": 1, "left_out": 3}
    card.show_batch(batch(4, state="done", counts=counts))
    links = card.paper.figures.links
    assert [(verb, link.text()) for verb, link in links.items()] == [
        *[("sent", "3"), ("to_come", "0"), ("failed", "2"), ("cancelled", "1"), ("left_out", "3")]
    ]
    assert links["failed"].accessibleName() == "2 failed"
    assert [verb for verb, link in links.items() if not link.isEnabled()] == ["to_come"]
    for verb, link in links.items():
        if verb == "to_come":
            continue
        with qtbot.waitSignal(card.action_chosen) as chosen:
            link.click()
        assert chosen.args == [verb, 4]
    card.show_batch(batch(4, 2, state="done", counts={**counts, "failed": 1, "sent": 4}))
    assert card.paper.figures.links is links
    assert links["sent"].text() == "4"
    card.show_batch(batch(5, state="done", counts=counts))
    with qtbot.waitSignal(card.action_chosen) as chosen:
        card.paper.figures.links["sent"].click()
    assert chosen.args == ["sent", 5]
    card.show_batch(batch(1, state="draft", counts={"rows": 9}))
    assert card.paper.figures.isHidden()


def test_each_cause_has_its_cure_and_keeps_it_while_it_is_counted(
    qtbot: QtBot, card: BatchCard
) -> None:
    later = {**UNSURE, "cause": "b2", "cure": None, "count": 1}
    counts = {"rows": 4, "uncertain": 3, "open": 1}
    card.show_batch(batch(7, causes=[UNSURE, later], counts=counts))
    causes = card.lead.causes
    (link,) = causes.links
    assert [each.text() for each in causes.counts] == ["2 ×", "1 ×"]
    card.show_batch(batch(7, 2, causes=[{**UNSURE, "count": 4}, later], counts=counts))
    assert causes.links == [link]
    assert [each.text() for each in causes.counts] == ["4 ×", "1 ×"]
    with qtbot.waitSignal(card.cure_chosen) as chosen:
        link.click()
    assert chosen.args == ["resolve", "u", 7]
    card.show_batch(batch(8, 2, causes=[UNSURE], counts=counts))
    with qtbot.waitSignal(card.cure_chosen) as chosen:
        causes.links[0].click()
    assert chosen.args == ["resolve", "u", 8]
    card.show_batch(batch(9, state="done", counts={"rows": 4, "sent": 4}))
    assert causes.isHidden()


def test_an_action_is_for_the_batch_that_is_shown(qtbot: QtBot, card: BatchCard) -> None:
    for number in (3, 4):
        card.show_batch(batch(number, state="paused", counts={"rows": 9, "open": 9}))
        for verb in offered(card):
            with qtbot.waitSignal(card.action_chosen) as chosen:
                choose(card, verb)
            assert chosen.args == [verb, number]
    card.show_batch(None)
    assert offered(card) == {}
