"""Mistakes of correcting items and of doing tasks once more."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from desktop.items import correcting
from sendoff_tasks.model.states import State
from sendoff_tasks.verbs import bulk, resend
from tests.simulation.plants.planting import plant


@plant("a click that is repeated sends again", "accepted once", "the same answer again")
def forgotten_click() -> Any:
    return patch.object(bulk, "remember", lambda *_: None)


@plant("what runs is sent again", "only what has ended is sent again")
def hasty_resend() -> Any:
    return patch.object(resend, "RESENDABLE", frozenset(State))


@plant("a correction is not kept", "corrections are kept")
def lost_correction() -> Any:
    return patch.object(correcting, "_write", lambda *_: None)
