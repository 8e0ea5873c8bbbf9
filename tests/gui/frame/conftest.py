"""Notes that count down."""

from __future__ import annotations

import pytest


@pytest.fixture
def still() -> None:
    """Let notes count down: how they do is tested here."""
