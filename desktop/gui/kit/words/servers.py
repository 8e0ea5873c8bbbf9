"""Texts for why a server cannot be used."""

from __future__ import annotations

from typing import Final

from desktop.gui.kit.words.table import say
from sendoff_tasks.client.health import Away, ServerFault

TOKENS: Final = frozenset({ServerFault.TOKEN, ServerFault.EXPIRED})
"""Faults that another token can fix."""


def server_sentence(away: Away) -> str:
    """Say why a server cannot be used, and what to do."""
    return say("server", str(away.missing.value), "window", version=away.version)
