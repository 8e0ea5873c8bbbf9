"""The settings as they are now: changes count at once, a damaged file is told each time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from desktop.backend.shared.current_settings import CurrentSettings
from desktop.mail.files import FolderFiles
from desktop.settings.preferences.settings_file import Settings, SettingsError, WindowSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_there_are_defaults(file: Path) -> None:
    assert CurrentSettings(FolderFiles(file.parent)).get() == Settings()
    assert CurrentSettings(FolderFiles(file.parent)).default_recipient() == "you@example.org"


def test_a_change_counts_at_once_and_is_in_the_file(file: Path) -> None:
    settings = CurrentSettings(FolderFiles(file.parent))
    settings.default_recipient()
    settings.change(
        lambda now: replace(now, mail=replace(now.mail, default_recipient="me@example.org"))
    )
    assert settings.default_recipient() == "me@example.org"
    assert CurrentSettings(FolderFiles(file.parent)).get() == settings.get()


def test_a_change_by_hand_is_seen_by_the_next_who_asks(file: Path) -> None:
    settings = CurrentSettings(FolderFiles(file.parent))
    settings.get()
    file.write_text("[window]\ngrace_seconds = 9\n")
    assert settings.get().window == WindowSettings(grace_seconds=9)
    file.unlink()
    assert settings.get() == Settings()


def test_a_damaged_file_is_told_each_time_until_it_is_fixed(file: Path) -> None:
    settings = CurrentSettings(FolderFiles(file.parent))
    file.write_text("[mail\n")
    for _ in range(2):
        with pytest.raises(SettingsError, match="line 1"):
            settings.get()
    assert settings.default_recipient() is None
    file.write_text("[mail]\n")
    assert settings.get() == Settings()


def test_with_real_sending_there_is_no_default_recipient(file: Path) -> None:
    file.write_text('[mail]\ntransport = "smtp"\nhost = "mail.example.org"\n')
    assert CurrentSettings(FolderFiles(file.parent)).default_recipient() is None


def test_a_change_that_cannot_be_leaves_everything_as_it_was(file: Path) -> None:
    settings = CurrentSettings(FolderFiles(file.parent))
    with pytest.raises(SettingsError, match=r"mail\.port"):
        settings.change(lambda now: replace(now, mail=replace(now.mail, port=0)))
    assert not file.exists()
    assert settings.get() == Settings()


def test_settings_that_became_others_or_unusable_are_told_once(file: Path) -> None:
    settings, told = CurrentSettings(FolderFiles(file.parent)), list[str]()
    settings.on_change = lambda: told.append("new")
    settings.get()
    file.write_text("# nothing new\n")
    settings.get()
    assert told == []
    file.write_text("[mail]\nport = 26\n")
    settings.get()
    settings.get()
    assert len(told) == 1
    settings.change(lambda now: replace(now, mail=replace(now.mail, port=2525)))
    assert len(told) == 2
    file.write_text("[mail\n")
    for _ in range(2):
        with pytest.raises(SettingsError):
            settings.get()
    assert len(told) == 3
    file.write_text("[mail]\nport = 2525\n")
    settings.get()
    assert len(told) == 4
