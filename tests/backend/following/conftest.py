"""The watch of these tests looks often, so none waits for it."""

from __future__ import annotations

import pytest

from desktop.backend.following import watch


@pytest.fixture(autouse=True)
def frequent_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look a hundred times a second; a change rests after 0.05 s."""
    monkeypatch.setattr(watch, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(watch, "LOOK_AGAIN", 0.05)
