"""Mistakes of sending spreadsheets."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from desktop.items.batches import limits
from desktop.items.tables import batches
from tests.simulation.plants.planting import plant


@plant("a spreadsheet that forgets its rate", "rates")
def no_rate() -> Any:
    return patch.object(limits, "rates_of", lambda _: ())


@plant("older words that follow newer ones", "newer words stand")
def old_words() -> Any:
    nothing = "SELECT * FROM batch_rows WHERE ?1 + ?2 + ?3 + ?4 IS NULL AND 0"
    return patch.object(batches, "NEWER_WORDS", nothing)
