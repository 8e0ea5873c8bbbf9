"""How many examples a property-based test takes, for those that are slower or quicker than most."""

from __future__ import annotations

from hypothesis import settings

FULL = 100
"""Hypothesis's own number, which ``--long`` and ``explore`` do not go below."""


def at_most(examples: int) -> int:
    """Give the share of so many examples that the run takes of ``FULL``, but no more."""
    return min(examples, examples * settings().max_examples // FULL)
