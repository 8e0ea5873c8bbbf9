"""The tables of days and hours as a person types them, and of searches; zones to read them in."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

_HERE: Final = Path(__file__)
DAYS: Final[dict[str, Any]] = tomllib.loads(_HERE.with_suffix(".toml").read_text("utf-8"))
SEARCHES_OF_BOTH: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    _HERE.with_name("searches.toml").read_text("utf-8")
)
ZONES: Final = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


@contextmanager
def living_in(zone: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have local times be those of a zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()
