"""Mistakes an engine could make: each is planted in the shipped one, to see that it is found."""

from tests.simulation.plants import (  # noqa: F401 - they note theirs
    beside,
    corrections,
    finding,
    keeping,
    outages,
    outcomes,
    pending,
    schedules,
    spreadsheets,
)
from tests.simulation.plants.planting import PLANTS

__all__ = ["PLANTS"]
