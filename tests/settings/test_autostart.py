"""The desktop opens this installation with its data folder, or no longer."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.settings import autostart

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its entry is another")


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the place of the entry, in a configuration of the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "autostart" / "sendoff.desktop"


def test_it_is_switched_on_and_off(entry: Path, tmp_path: Path) -> None:
    assert not autostart.is_on(tmp_path)
    autostart.switch(tmp_path, on=False)
    autostart.switch(tmp_path, on=True)
    assert autostart.is_on(tmp_path)
    assert not autostart.is_on(tmp_path / "another")
    autostart.switch(tmp_path, on=False)
    assert not autostart.is_on(tmp_path)
    assert not entry.exists()


@pytest.mark.parametrize("name", ["plain", 'with "quotes" $and `ticks`', "back\\slash 100 %", "Ä"])
def test_a_session_runs_the_entry_as_it_is_meant(entry: Path, tmp_path: Path, name: str) -> None:
    autostart.switch(tmp_path / name, on=True)
    command = command_of(entry)
    assert command[-3:] == [autostart.COMMAND, "--data-dir", str(tmp_path / name)]
    subprocess.run([*command[:-3], "--version"], check=True, capture_output=True)


def command_of(entry: Path) -> list[str]:
    """Read a desktop entry as a session does; its program has to be there."""
    read = configparser.RawConfigParser()
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(entry.read_text(encoding="utf-8"))
    values = {key: text.replace("\\\\", "\\") for key, text in read["Desktop Entry"].items()}
    assert Path(values["TryExec"]).exists()
    said = f"printf '%s\\n' {values['Exec']}"  # its quotes are those of a shell
    run = subprocess.run(["sh", "-c", said], check=True, capture_output=True, text=True)
    return [each.replace("%%", "%") for each in run.stdout.splitlines()]
