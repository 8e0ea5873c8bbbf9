"""``sendoff install-launcher`` puts Sendoff into the applications menu of Linux desktops."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.settings import desktop_entry

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux's way")


def test_entry_and_icon_are_written_for_this_user(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "desktop", "install-launcher"]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    entry = tmp_path / "applications" / "sendoff.desktop"
    assert str(entry) in done.stdout
    text = entry.read_text()
    assert "Name=Sendoff" in text
    assert "@EXEC@" not in text
    assert (tmp_path / "icons/hicolor/scalable/apps/sendoff.svg").read_text().startswith("<")


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "file")}
    command = [sys.executable, "-m", "desktop", "install-launcher"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def unquoted(argument: str) -> str:
    """Read a quoted argument back as the Desktop Entry specification says."""
    once = argument.replace("\\\\", "\\")  # the string escape of the file
    assert once.startswith('"')
    assert once.endswith('"')
    inner = once[1:-1]
    text, position = "", 0
    while position < len(inner):
        if inner[position] == "\\":
            position += 1
        text += inner[position]
        position += 1
    return text.replace("%%", "%")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_any_path_reads_back_equal(path: str) -> None:
    assert unquoted(desktop_entry.quoted(path)) == path
