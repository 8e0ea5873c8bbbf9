"""Columns of a list have the room that their words need, as far as there is room."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from desktop.gui.kit.lists.list_widths import shared_out

USUAL = {0: 70, 1: 150, 2: 150, 3: 230, 4: 92, 5: 140}
REST = 5
LEAST = {0: 62, 1: 96, 2: 72, 3: 160}


def test_words_get_the_room_that_others_do_not_need() -> None:
    nothing = dict.fromkeys(USUAL, 0)
    assert shared_out(USUAL, nothing, LEAST, 900, REST) == USUAL
    needed = {**nothing, 2: 165, 3: 178, 5: 400}
    given = shared_out(USUAL, needed, LEAST, 900, REST)
    assert given[2] == 165  # a little is given first
    assert given[3] >= 178
    assert given[5] > 200
    assert sum(given.values()) <= 900
    assert shared_out(USUAL, needed | {3: 700}, LEAST, 1900, REST)[3] == 700  # no chip is left out


def test_one_long_text_leaves_another_column_its_share() -> None:
    needed = {**dict.fromkeys(USUAL, 0), 1: 290, 2: 290, 5: 140}
    given = shared_out(USUAL, needed, {}, sum(USUAL.values()) + 100, REST)
    assert (given[1], given[2]) == (200, 200)
    assert shared_out(USUAL, needed | {2: 170}, {}, sum(USUAL.values()) + 100, REST)[1] == 230


@example([142, 0, 0, 0, 0, 0], 708)
@given(st.lists(st.integers(0, 600), min_size=6, max_size=6), st.integers(400, 3000))
def test_nothing_is_cut_while_all_words_have_room(words: list[int], room: int) -> None:
    needed = dict(enumerate(words))
    widths = shared_out(USUAL, needed, LEAST, room, REST)
    assert all(widths[n] >= width for n, width in LEAST.items())
    assert all(widths[n] >= USUAL[n] for n in USUAL.keys() - LEAST.keys())
    least = {n: LEAST.get(n, width) for n, width in USUAL.items()}
    if sum(least.values()) <= room:
        assert sum(widths.values()) <= room
    if sum(max(needed[n], width) for n, width in least.items()) + len(USUAL) <= room:
        assert all(widths[n] >= needed[n] for n in USUAL)
