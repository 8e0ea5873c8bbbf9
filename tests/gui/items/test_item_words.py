"""What is said of an item: all of it in one file, and which failures are red."""

from __future__ import annotations

import pytest

from desktop.gui.items.item_words import LOOKS_OF_INFORMED, look_of
from tests.gui.items.said import APPROVED, ITEMS, said

pytestmark = pytest.mark.usefixtures("qapp")


def test_all_that_is_said_of_an_item_was_read() -> None:
    assert said() == APPROVED.read_text(encoding="utf-8")


def test_each_look_is_that_of_an_item_here() -> None:
    assert {look_of(one) for one in ITEMS.values()} >= {*LOOKS_OF_INFORMED.values()}
