"""Apps of one folder, as several processes would have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sendoff_tasks.fastapi import AppRegistry
from tests.engine.fastapi.app import App


@pytest.fixture
def apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[App]:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    return [App(tmp_path / "data") for _ in range(3)]
