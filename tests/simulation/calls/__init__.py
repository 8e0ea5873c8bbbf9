"""What histories are made of: calls of people, of the lanes, and of fate."""

from tests.simulation.calls import (  # noqa: F401 - histories play theirs by name
    beside,
    corrections,
    fate,
    people,
    spreadsheets,
    work,
)
from tests.simulation.calls.call import Call

__all__ = ["Call"]
