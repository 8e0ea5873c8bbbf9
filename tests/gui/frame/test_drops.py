"""Dropped files: what they are for is asked if it can be several things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.frame.drops import take_files
from tests.gui.hands import answer, asked

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow

IMPORT, RETURNED, ATTACH = "Import it", "Read as returned", "Attach"


@pytest.fixture
def taken(window: AppWindow) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    window.files_dropped.connect(lambda paths: found.append((IMPORT, paths)))
    window.mails_dropped.connect(lambda paths: found.append((RETURNED, paths)))
    return found


@pytest.mark.parametrize(
    ("paths", "meanings"),
    [
        (["a.ods"], [IMPORT, ATTACH]),
        (["A.CSV"], [IMPORT, ATTACH]),
        (["a.eml"], [RETURNED, ATTACH]),
        (["a.eml", "b.mbox"], [RETURNED, ATTACH]),
        (["a.pdf"], [ATTACH]),
        (["a.ods", "b.ods"], [ATTACH]),
        (["a.ods", "b.eml"], [ATTACH]),
    ],
)
def test_what_can_be_attached_is_asked_about_if_it_can_mean_more(
    window: AppWindow, taken: list[Any], paths: list[str], meanings: list[str]
) -> None:
    for chosen in meanings:
        taken.clear()
        take_files(window, paths, lambda given: taken.append((ATTACH, given)))
        if len(meanings) > 1:
            assert taken == []
            answer(chosen)
        assert taken == [(chosen, paths)]
        assert asked() is None


def test_what_can_only_mean_one_thing_is_taken_as_that(window: AppWindow, taken: list[Any]) -> None:
    for paths, expected in (
        (["a.ods"], [(IMPORT, ["a.ods"])]),
        (["a.eml"], [(RETURNED, ["a.eml"])]),
        (["a.ods", "b.eml"], [(RETURNED, ["b.eml"]), (IMPORT, ["a.ods"])]),
    ):
        taken.clear()
        take_files(window, paths)
        assert (taken, asked()) == (expected, None)
