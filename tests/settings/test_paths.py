"""Where the data folder is, and who may enter it."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.paths import data_dir


def test_the_option_goes_before_the_environment_and_that_before_the_platforms_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDOFF_DATA_DIR", str(tmp_path / "environment"))
    monkeypatch.chdir(tmp_path)
    assert data_dir("option") == tmp_path / "option"
    assert data_dir(None) == tmp_path / "environment"
    monkeypatch.delenv("SENDOFF_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    if sys.platform.startswith("linux"):
        assert data_dir(None) == tmp_path / "sendoff"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_only_the_owner_may_enter_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "data"
    root.mkdir(parents=True, mode=0o755)
    folder = OfficeFolder(root)
    folder.create()
    folder.create()
    for place in (
        root, folder.outbox, folder.sent, folder.tasks, folder.templates, folder.drafts, folder.logs
    ):  # fmt: skip
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
