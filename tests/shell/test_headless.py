"""Without a display: the line to type reaches the same data folder from any terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.settings.paths import DATA_DIR_VARIABLE
from desktop.shell.headless import _submit_line

if TYPE_CHECKING:
    import pytest


def test_the_line_names_a_folder_from_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, "/elsewhere")
    assert _submit_line("/my data").endswith(" --data-dir='/my data'")


def test_the_line_names_a_folder_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, "/elsewhere")
    assert _submit_line(None).endswith(" --data-dir=/elsewhere")


def test_the_usual_folder_needs_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATA_DIR_VARIABLE, raising=False)
    assert "--data-dir" not in _submit_line(None)
