"""The engine's fixtures: a stepped engine, which is opened with the domain; and an office on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.engine.conftest import in_file, make, stepped
from tests.engine.stepped import Stepped
from tests.items.batches.office import Office, mail

__all__ = ["in_file", "make", "stepped"]


@pytest.fixture
def office(make: Callable[..., Stepped]) -> Iterator[Office]:
    """Give an office whose store is checked at the end."""
    office = Office(make(mail))
    yield office
    office.check()
