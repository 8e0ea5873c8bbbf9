"""Columns of a list have the room that their words need, as far as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.gui.kit.lists.list_widths import ColumnFit, fitted
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.theme import Scheme, Theme

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FITS = {
    0: ColumnFit(70, least=62),
    1: ColumnFit(150, least=96),
    2: ColumnFit(150, least=72),
    3: ColumnFit(230, least=160),
    4: ColumnFit(92),
    5: ColumnFit(140),
}
USUAL = {n: fit.usual for n, fit in FITS.items()}
TITLED = dict.fromkeys(FITS, 40)
REST = 5


@pytest.fixture(autouse=True, scope="module")
def plain_units() -> Iterator[None]:
    before = LOOK.theme
    LOOK.wear(Theme(Scheme.LIGHT, 1.0))
    yield
    LOOK.wear(before)


def widths(needed: Mapping[int, int], room: int) -> dict[int, int]:
    return fitted(FITS, TITLED, needed, {}, REST, room)


def test_words_get_the_room_that_others_do_not_need() -> None:
    nothing = dict.fromkeys(USUAL, 0)
    assert widths(nothing, sum(USUAL.values())) == USUAL
    needed = {**nothing, 2: 165, 3: 178, 5: 400}
    given = widths(needed, 900)
    assert given[2] == 165  # a little is given first
    assert given[3] >= 178
    assert given[5] > 200
    assert sum(given.values()) == 900
    assert widths(needed | {3: 700}, 1900)[3] == 700  # no chip is left out


def test_one_long_text_leaves_another_column_its_share() -> None:
    needed = {**dict.fromkeys(USUAL, 0), 1: 500, 2: 500, 5: 140}
    given = widths(needed, 700)
    assert abs((given[1] - 96) - (given[2] - 72)) <= 24  # both are cut alike
    assert widths(needed | {2: 90}, 700)[1] > given[1]


@example([142, 0, 0, 0, 0, 0], 708)
@given(st.lists(st.integers(0, 600), min_size=6, max_size=6), st.integers(400, 3000))
def test_nothing_is_cut_while_all_words_have_room(words: list[int], room: int) -> None:
    found = widths(dict(enumerate(words)), room)
    whole = {n: max(words[n], TITLED[n], 0 if fit.least else fit.usual) for n, fit in FITS.items()}
    if sum(whole.values()) <= room:
        assert all(found[n] >= words[n] for n in FITS)
    if sum(max(fit.least or fit.usual, TITLED[n]) for n, fit in FITS.items()) <= room:
        assert sum(found.values()) == room
