"""The card of a batch: what it says and offers, and that no button moves."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.gui.batches.batch_card import COMES, STEERS, BatchCard
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.card import Headline
from tests.gui.batches.test_batch_model import batch
from tests.gui.tasks.acting.pending_rows import pending_action

if TYPE_CHECKING:
    from desktop.gui.kit.look.appearance import ThemeSource


ABOUT = {"kind": "reason", "reason": "no_answer", "server": "mx.example.org"}
UNSURE: Any = {"cause": "a1", "title": "?", "about": ABOUT, "count": 3, "cure": "resolve"}


@pytest.fixture
def card(qtbot: QtBot, qapp: QApplication) -> BatchCard:
    made = BatchCard(ALL_RIGHTS)
    qtbot.addWidget(made)
    return made


def test_what_is_offered_fits_the_state(card: BatchCard) -> None:
    def offered(state: str, counts: dict[str, int], **given: Any) -> list[str]:
        card.show_batch(batch(1, state=state, counts=counts, **given))
        return list(card.row.buttons)

    rows = {"rows": 9}
    assert offered("draft", rows) == ["open", "delete"]
    rows_of = ["rows", "limit"]
    later = {"run_at": "2099-01-01T09:00:00.000Z"}
    all_open = {**rows, "open": 9}
    planned = ["take_back", *rows_of, "time", "pause", "cancel"]
    assert offered("running", all_open, **later) == planned
    assert offered("paused", all_open) == ["take_back", *rows_of, "resume", "cancel"]
    assert offered("running", all_open) == [*rows_of, "pause", "cancel"], "one is being sent"
    met = {"cause": "a1", "title": "?", "about": {"kind": "task"}, "count": 1, "cure": None}
    assert "take_back" not in offered("paused", all_open, causes=[met]), "one was tried"
    some = {**rows, "open": 5, "sent": 4}
    assert offered("running", some) == [*rows_of, "pause", "cancel"]
    assert offered("paused", some) == [*rows_of, "resume", "cancel"]
    mixed = {**some, "open": 4, "failed": 1}
    usual = [*rows_of, "pause", "cancel"]
    assert offered("running", mixed, sheet="a.csv") == ["retry", "report", *usual]
    failed = {**rows, "sent": 7, "failed": 2}
    assert offered("done", failed, sheet="a.csv") == ["retry", "report", "rows"]
    assert card.row.buttons["retry"].text() == "Retry the 2 that failed"
    offered("done", {**rows, "sent": 8, "failed": 1})
    assert card.row.buttons["retry"].text() == "Retry the one that failed"
    offered("done", failed, to_retry=1)
    assert card.row.buttons["retry"].text() == "Retry the one that failed"
    assert offered("done", failed, to_retry=0) == ["rows"]  # they would arrive twice
    waiting = {**rows, "open": 5, "sent": 4}
    assert offered("running", waiting, put_off={"count": 5}) == ["try_now", *usual]
    assert card.row.buttons["try_now"].text() == "Try now (5)"
    stopped = {"put_off": {"count": 5}, "reason": "all_paused"}
    assert offered("running", waiting, **stopped) == usual  # nothing could be tried
    away = {"reason": "quota", "reason_data": {}, "put_off": {"count": 1}}
    assert offered("running", waiting, **away) == ["try_queue", *usual]  # as in the bar
    assert offered("paused", waiting, **away) == [*rows_of, "resume", "cancel"]
    fixed = {"reason": "held_for_person", "reason_data": {"text": "Oh.", "fixed": True}}
    assert offered("running", waiting, **fixed) == ["try_held", *usual]
    assert card.row.buttons["try_held"].text() == "Try now (5)"
    fixed_now = {**met, "about": {"kind": "reason", "reason": "held_for_person"}, "cure": "retry"}
    assert offered("running", waiting, causes=[fixed_now]) == ["try_held", *usual], "others leave"
    assert (card.row.buttons["try_held"].text(), card.causes.counts) == ("Try now (1)", [])
    for reason in (fixed, {"reason": "offline", "reason_data": {}}):
        assert "take_back" not in offered("running", all_open, **reason), "it was tried"


def test_no_button_tries_what_is_about_to_be_tried(card: BatchCard) -> None:
    waiting: Any = {"counts": {"rows": 9, "open": 5, "sent": 4}, "put_off": {"count": 5}}
    usual = ["rows", "limit", "pause", "cancel"]
    for is_due, undo in ((False, ["undo"]), (True, [])):
        tries = [pending_action(1, "try_now", 5, is_due=is_due)]
        card.show_batch(batch(1, **waiting), tries=tries)
        assert list(card.row.buttons) == [*undo, *usual]


def test_each_number_leads_to_its_rows(qtbot: QtBot, card: BatchCard) -> None:
    counts = {"rows": 9, "sent": 3, "failed": 2, "cancelled": 1, "left_out": 3}
    card.show_batch(batch(4, state="done", counts=counts))
    links = card.numbers.links
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
    assert card.numbers.links is links
    assert links["sent"].text() == "4"
    card.show_batch(batch(1, state="draft", counts={"rows": 9}))
    assert card.numbers.isHidden()


def test_wrong_addresses_are_corrected_and_not_tried_again(card: BatchCard) -> None:
    def offered(*causes: Any, uncertain: int = 0, **given: Any) -> list[str]:
        counts = {"rows": 9, "sent": 6 - uncertain, "failed": 3, "uncertain": uncertain}
        card.show_batch(batch(1, state="done", counts=counts, causes=[*causes], **given))
        return [each.text() for each in card.row.buttons.values()][:-1]

    wrong = {"cause": "a1", "title": "?", "about": {"kind": "task"}, "cure": "correct_address"}
    two, one, three = [{**wrong, "cause": f"a{n}", "count": n} for n in (2, 1, 3)]
    unsure = {**one, "cure": "resolve"}
    first = ["Correct the 3 addresses"]
    assert offered(three) == offered(two, one) == offered(three, unsure, uncertain=1) == first
    assert [link.text() for link in card.causes.findChildren(Link)] == ["Say what happened"]
    some = ["Retry the 3 that failed", "Correct the 2 addresses"]
    assert offered(two, {**one, "cure": "retry"}) == some, "beside links it was one"
    assert offered(one, to_retry=1) == ["Correct the address"]


def test_a_cause_stands_in_one_line_with_its_count_and_cure(qtbot: QtBot, card: BatchCard) -> None:
    long = {**UNSURE, "cause": "b2", "count": 31, "about": {**ABOUT, "server": "m x " * 40}}
    card.resize(500, 300)
    card.show()
    card.show_batch(batch(7, causes=[UNSURE, long], counts={"rows": 34, "uncertain": 34}))
    counts, links = card.causes.counts, card.causes.findChildren(Link)
    lines = [about.fontMetrics().height() for about in card.causes.abouts]
    qtbot.waitUntil(lambda: card.causes.abouts[1].height() > 2 * lines[1])
    middles = [each.geometry().center().y() for each in (*counts, *links)]
    firsts = [
        each.y() + each.contentsMargins().top() + line // 2
        for each, line in zip(card.causes.abouts, lines, strict=True)
    ]
    assert all(abs(a - b) < 2 for a, b in zip(middles, firsts * 2, strict=True))
    assert len({count.geometry().right() for count in counts}) == 1


def test_each_cause_has_its_cure(qtbot: QtBot, card: BatchCard) -> None:
    later = {**UNSURE, "cause": "b2", "cure": None, "count": 1}
    counts = {"rows": 4, "uncertain": 3, "open": 1}
    card.show_batch(batch(7, causes=[UNSURE, later], counts=counts))
    said = [label.text() for label in card.findChildren(QLabel)]
    assert "No answer from mx.example.org" in said
    assert "Retrying automatically" in said
    (link,) = card.causes.findChildren(Link)
    with qtbot.waitSignal(card.cure_chosen) as chosen:
        link.click()
    assert chosen.args == ["resolve", "a1", 7]


def test_causes_stay_in_sight_while_they_are_counted(card: BatchCard) -> None:
    counts = {"rows": 4, "uncertain": 3, "open": 1}
    card.show()
    card.show_batch(batch(7, causes=[UNSURE], counts=counts))
    (link,) = card.causes.findChildren(Link)
    card.show_batch(batch(7, 2, causes=[{**UNSURE, "count": 4}], counts=counts))
    assert link.isVisible()
    assert "4 ×" in [label.text() for label in card.findChildren(QLabel)]
    other = {**UNSURE, "cause": "b2", "cure": "retry"}
    card.show_batch(batch(7, 3, causes=[other, UNSURE], counts=counts))
    assert all(each.isVisible() for each in card.causes.findChildren(Link) if each is not link)


@pytest.mark.parametrize("reason", ["all_paused", "queue_paused"])
def test_while_all_is_paused_a_batch_offers_a_pause_of_its_own(
    card: BatchCard, reason: str
) -> None:
    counts = {"rows": 9, "open": 9}
    for why, words in ((reason, "Pause it too"), (None, "Pause")):
        card.show_batch(batch(1, state="running", counts=counts, reason=why))
        assert card.row.buttons["pause"].text() == words
        assert "resume" not in card.row.buttons


@pytest.mark.parametrize("width", [420, 731, 987, 1627])
def test_buttons_take_one_line(qtbot: QtBot, card: BatchCard, width: int) -> None:
    rows = {"rows": 7, "open": 1, "sent": 3, "failed": 2, "left_out": 1}
    card.setFixedSize(width, 300)
    card.show_batch(
        batch(
            2, state="running", counts=rows, sheet="a.csv", put_off={"count": 1}, name="guests.csv"
        )
    )
    card.show()
    buttons, more = card.row.buttons, card.row.more
    qtbot.waitUntil(buttons["retry"].isVisible)
    card.top.activate()
    shown = [verb for verb, each in buttons.items() if each.isVisible()]
    steering, beside = shown[-2:], shown[:-2]
    assert steering == ["pause", "cancel"], "they stand beside the headline"
    assert "retry" in beside, "what it stands beside may be in the menu"
    assert len({buttons[verb].y() for verb in beside}) == 1
    assert len({buttons[verb].y() for verb in steering}) == 1
    assert more.isVisible(), "for the limit"


def test_the_keyboard_stays_on_pause_and_resume(qtbot: QtBot, card: BatchCard) -> None:
    rows = {"rows": 9, "open": 5, "sent": 4}
    card.show_batch(batch(1, state="running", counts=rows))
    card.show()
    card.activateWindow()
    card.row.buttons["pause"].setFocus()
    qtbot.waitUntil(card.row.buttons["pause"].hasFocus)
    card.show_batch(batch(1, 2, state="paused", counts=rows))
    qtbot.waitUntil(card.row.buttons["resume"].hasFocus)


def test_a_name_is_cut_only_where_a_button_stands(qtbot: QtBot, themes: ThemeSource) -> None:
    card = BatchCard(ALL_RIGHTS)
    qtbot.addWidget(card)
    name = "guests of the summer concert to correct.xlsx"
    card.resize(1000, 300)
    card.show()
    title = next(each for each in card.findChildren(QLabel) if each.property("role") == "title")

    def show(**counts: int) -> int:
        shown = batch(2, state="done", sheet="a", name=name, counts={"rows": 90, **counts})
        card.show_batch(shown)
        QApplication.processEvents()
        first = min(each.x() for each in card.row.buttons.values() if each.isVisible())
        assert 0 < first - title.geometry().right() <= 2 * card.row.spacing()
        return title.width() - title.fontMetrics().horizontalAdvance(title.text())

    whole = show(sent=90)
    assert whole >= 0
    assert show(sent=70, failed=20) < whole, "*Send the 20 that failed* stands in its end"
    assert show(sent=90) == whole


def test_in_a_narrow_card_nothing_is_to_be_scrolled_sideways(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    causes = [
        {"cause": "a", "title": "?", "about": {"kind": "task"}, "count": 5, "cure": "resolve"}
    ]
    counts = {"rows": 90, "open": 20, "sent": 60, "uncertain": 5}
    card = BatchCard(ALL_RIGHTS)
    qtbot.addWidget(card)
    card.show_batch(batch(2, sheet="a", counts=counts, causes=causes))
    (link,) = (each for each in card.causes.findChildren(Link) if each.isVisibleTo(card))
    about = card.causes.abouts[0]
    for units, is_beside in ((900, True), (330, False), (900, True)):
        card.resize(themes.theme.px(units), 600)
        card.show()
        QApplication.processEvents()
        assert card.width() <= themes.theme.px(units)
        assert card.minimumSizeHint().width() <= themes.theme.px(units)
        assert (link.x() > about.geometry().right()) is is_beside
        assert is_beside or link.y() >= about.geometry().bottom()


CANCEL = pending_action(1, "cancel", 40, batch=1)
RETRY = pending_action(1, "retry", 1, batch=1)
TRY = pending_action(1, "try_now", 30)


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
    def show(state: str, counts: dict[str, int], **given: Any) -> dict[str, QRect]:
        stands = {key: given.pop(key) for key in ("started", "tries") if key in given}
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
        [show("running", **late), show("running", **late, tries=[TRY])],
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


def test_a_batch_names_the_letter_that_it_sends(card: BatchCard) -> None:
    planned = batch(3, template="Renewal", counts={"rows": 2, "open": 2})
    card.show_batch(planned)
    assert card.letter.text() == "Renewal · “Your fee” · from desk@example.org"
    card.show_batch(batch(3, state="done", counts={"rows": 2, "sent": 2}))
    assert card.letter.text() == "Confirmation · “Your fee”"
