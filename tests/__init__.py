"""The tests of Sendoff: the same tree as ``desktop/``, and journeys through the whole program."""

from typing import Final

WITHIN: Final = 180.0
"""Seconds to wait for what must come. Only a failure takes so long: a busy machine is slow."""
