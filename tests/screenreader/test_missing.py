"""Where the machine lacks something for the walk, the command says what, and how to get it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.journeys import screen
from tests.screenreader import __main__ as command

if TYPE_CHECKING:
    import pytest


def test_what_is_missing_is_named_with_the_packages_that_bring_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screen, "missing", lambda: ["Xvfb"])
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(command, "LAUNCHERS", ())
    monkeypatch.setattr(command, "SYSTEM_PYTHON", "/nowhere/python3")
    assert command.main() == 1
    said = capsys.readouterr().err
    assert "no Xvfb and no dbus-run-session and no accessibility bus" in said
    assert "pyatspi for /nowhere/python3" in said
    assert "apt-get install at-spi2-core dbus python3-pyatspi xvfb xdotool" in said
