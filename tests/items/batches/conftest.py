"""Fixtures for batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.engine.stepped import Stepped
from tests.items.batches.office import Office, mail


@pytest.fixture
def office(make: Callable[..., Stepped]) -> Iterator[Office]:
    """Give an office whose store is checked at the end."""
    office = Office(make(mail))
    yield office
    office.check()
