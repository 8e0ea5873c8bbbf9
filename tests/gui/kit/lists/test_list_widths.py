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
    4: ColumnFit(92, least=60, whole=True),
    5: ColumnFit(140),
}
USUAL = {n: fit.usual for n, fit in FITS.items()}
TITLED = dict.fromkeys(FITS, 40)
REST = 5


@pytest.fixture(autouse=True, scope="module")
def plain_units() -> Iterator[None]:
    before = LOOK.theme
    LOOK.apply(Theme(Scheme.LIGHT, 1.0))
    yield
    LOOK.apply(before)


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
@example([62, 150, 72, 0, 92, 140], 585)  # what stands empty gives its room
@given(st.lists(st.integers(0, 600), min_size=6, max_size=6), st.integers(400, 3000))
def test_nothing_is_cut_while_all_words_have_room(words: list[int], room: int) -> None:
    found = widths(dict(enumerate(words)), room)
    whole = {n: max(words[n], TITLED[n], 0 if fit.least else fit.usual) for n, fit in FITS.items()}
    if sum(whole.values()) <= room:
        assert all(found[n] >= words[n] for n in FITS)
    least = {n: words[n] if fit.whole else fit.least or fit.usual for n, fit in FITS.items()}
    if sum(max(width, TITLED[n]) for n, width in least.items()) <= room:
        assert sum(found.values()) == room


def test_without_room_a_column_that_is_whole_is_cut_last_and_none_below_its_last_resort() -> None:
    lasts = {0: TITLED[0], 1: 48, 2: TITLED[2], 3: 80, 5: 140}
    words = dict.fromkeys(FITS, 600) | {4: 300}
    assert widths(words, 900)[4] == 300
    assert widths(words, 648) == lasts | {4: 300}
    assert widths(words, 600) == lasts | {4: 252}
    assert widths(words, 100) == lasts | {4: TITLED[4]}
    assert widths(words | {4: 80}, 100) == lasts | {4: 80}  # half would be wrong


def test_the_column_that_takes_what_is_left_is_cut_whole_or_not() -> None:
    fits = {0: FITS[5], 1: FITS[4]}
    assert fitted(fits, TITLED, {1: 80}, {}, 1, 190) == {0: 140, 1: 50}


def test_no_column_leaves_for_one_that_the_person_widened_and_a_narrowed_one_makes_room() -> None:
    fits = FITS | {1: ColumnFit(150, least=96, leaves=2), 3: ColumnFit(230, least=160, leaves=1)}

    def gone(own: Mapping[int, int], room: int) -> set[int]:
        return FITS.keys() - fitted(fits, TITLED, {}, own, REST, room).keys()

    assert gone({}, 622) == set()
    assert gone({}, 621) == {3}
    assert gone({}, 622 - 161) == {1, 3}
    assert gone({2: 900}, 700) == set()  # as if it had its usual width
    assert gone({2: 900}, 699) == {3}
    assert gone({2: 50}, 600) == set()
    assert gone({3: 160}, 622 - 161) == {1}  # nor does the one that has a width of theirs


def test_no_title_is_cut_and_the_width_the_person_chose_stays_in_any_room() -> None:
    for room in (100, 800, 4000):
        found = fitted(FITS, TITLED | {2: 300}, dict.fromkeys(FITS, 600), {1: 333}, REST, room)
        assert found[2] >= 300
        assert found[1] == 333
