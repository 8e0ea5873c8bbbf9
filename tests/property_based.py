"""How many examples a property-based test takes, for those that are slower or quicker than most."""

from __future__ import annotations

from hypothesis import settings

FULL = 100
"""Hypothesis's own number, which ``--long`` takes; ``explore`` takes twenty times as many."""


def examples(count: int) -> int:
    """Give so many for each hundred that the run takes."""
    return count * settings().max_examples // FULL
