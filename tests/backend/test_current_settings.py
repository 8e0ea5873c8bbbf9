"""The settings as they are now: changes count at once, a damaged file is told each time."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from desktop.backend.current_settings import CurrentSettings
from desktop.mail.files import FolderFiles
from desktop.settings.preferences import (
    LONGEST_DAYS,
    KeepSettings,
    LinesLost,
    Settings,
    WindowSettings,
)
from sendoff_tasks.folder import safe_files
from sendoff_tasks.folder.queue_limits import QueueSettings, SettingsError
from sendoff_tasks.folder.safe_files import QUIET, QuietFiles

REAL = """[mail]
transport = "smtp"
host = "mail.example.org"
port = 2525
security = "none"
sender = "Box office <box@example.org>"

[window]
grace_seconds = 9

[queues.mail]
rate = "30/min"
per_day = 1500
"""


LATER: Final = 1e10
"""A time of a write that is always in the future, epoch s."""


class Edited:
    """The settings of a file that a person writes, and the time since."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.now = 0.0
        self.texts: list[str] = []
        self.settings = self.started()

    def started(self) -> CurrentSettings:
        """Start again, with what was remembered."""
        files = FolderFiles(self.file.parent, QuietFiles(lambda: self.now))
        settings = CurrentSettings(files, lambda: self.now)
        settings.recall(self.texts[-1] if self.texts else None)
        settings.remember = self.texts.append
        return settings

    def write(self, text: str, seconds: float = QUIET) -> None:
        """Write the file, which somebody looks at now and again after these seconds."""
        self.file.write_text(text)
        os.utime(self.file, (LATER, LATER))  # only the steps of this clock count
        self.look()
        self.now += seconds
        self.look()

    def look(self) -> None:
        with suppress(SettingsError):
            self.settings.get()


@pytest.fixture(autouse=True)
def _for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_files, "QUIET", QUIET)


@pytest.fixture
def edited(file: Path) -> Edited:
    return Edited(file)


@pytest.fixture
def real(edited: Edited) -> Edited:
    """Give settings of real sending that are in force."""
    edited.write(REAL)
    assert edited.settings.get().mail.host == "mail.example.org"
    return edited


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_a_change_counts_at_once_and_is_in_the_file(file: Path) -> None:
    settings = CurrentSettings(FolderFiles(file.parent))
    settings.default_recipient()
    settings.change(
        lambda now: replace(now, mail=replace(now.mail, default_recipient="me@example.org"))
    )
    assert settings.default_recipient() == "me@example.org"
    assert CurrentSettings(FolderFiles(file.parent)).get() == settings.get()


def test_a_change_by_hand_is_seen_by_the_next_who_asks(edited: Edited) -> None:
    edited.settings.get()
    edited.write("[window]\ngrace_seconds = 9\n")
    assert edited.settings.get().window == WindowSettings(grace_seconds=9)
    edited.write("[mail]\nport = 26\n[window]\ngrace_seconds = 8\n")
    assert edited.settings.get().window == WindowSettings(grace_seconds=8)


def test_a_file_that_is_still_written_to_is_not_read(real: Edited) -> None:
    for text in ("", REAL[:30], REAL.replace("2525", "25"), "", REAL.replace("2525", "26")):
        real.write(text, QUIET / 2)
        assert real.settings.get().mail.port == 2525
    assert real.settings.is_changing
    real.now += QUIET
    assert real.settings.get().mail.port == 26
    assert not real.settings.is_changing


def test_a_file_written_to_while_it_is_read_is_not_in_force(
    real: Edited, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = FolderFiles.read

    def torn(files: FolderFiles, path: str) -> bytes:
        monkeypatch.undo()
        content = read(files, path)
        real.file.write_text(REAL)
        return content

    monkeypatch.setattr(FolderFiles, "read", torn)
    real.write(REAL.replace("2525", "26"))
    assert real.settings.get().mail.port == 2525


@pytest.mark.parametrize("lines", range(6))
@pytest.mark.parametrize("restarts", [False, True])
def test_a_cut_file_never_ends_real_sending(real: Edited, lines: int, restarts: bool) -> None:
    real.write("".join(REAL.splitlines(keepends=True)[:lines]))
    if restarts:
        real.settings = real.started()
    with pytest.raises(SettingsError):
        real.settings.get()
    assert not real.settings.is_practice
    assert real.settings.default_recipient() is None
    real.write(REAL)
    assert real.settings.get().mail.port == 2525


@pytest.mark.parametrize("restarts", [False, True])
def test_a_file_that_is_gone_is_told_with_the_way_out(real: Edited, restarts: bool) -> None:
    real.file.unlink()
    real.look()
    real.now += QUIET
    if restarts:
        real.settings = real.started()
    with pytest.raises(LinesLost, match=r"mail\.transport.*put these lines back, or save") as lost:
        real.settings.get()
    assert {"path": "mail.sender", "message": "This line is missing."} in lost.value.errors
    assert real.settings.shown().mail.host == "mail.example.org"


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights")
@pytest.mark.parametrize("restarts", [False, True])
def test_a_file_that_others_can_change_is_not_used_until_its_owner_closes_it(
    real: Edited, restarts: bool
) -> None:
    real.file.chmod(0o666)
    real.write(REAL.replace("2525", "26"))
    if restarts:
        real.settings = real.started()
    with pytest.raises(SettingsError, match=f"other users can change it.*chmod go-w {real.file}`"):
        real.settings.get()
    assert not real.settings.is_practice
    assert real.settings.default_recipient() is None
    real.file.chmod(0o644)
    real.look()
    real.now += QUIET
    assert real.settings.get().mail.port == 26


@pytest.mark.parametrize("word", ["practice", "outbox"])
def test_practice_after_real_sending_is_a_written_word(real: Edited, word: str) -> None:
    real.write(f'[mail]\ntransport = "{word}"\n')
    assert real.settings.get().mail.transport == "practice"
    real.write("")
    assert real.started().is_practice


def test_settings_that_are_saved_make_a_lost_file_whole(real: Edited) -> None:
    real.write("")
    real.settings.change(lambda now: replace(now, mail=replace(now.mail, port=26)))
    found = real.settings.get()
    assert (found.mail.port, found.mail.host) == (26, "mail.example.org")
    assert found.queues == {"mail": QueueSettings(None, "30/min", 1500)}
    assert real.started().get() == found


@pytest.mark.parametrize("lines", range(6, 11))
@pytest.mark.parametrize("restarts", [False, True])
def test_a_limit_whose_line_is_gone_still_applies(real: Edited, lines: int, restarts: bool) -> None:
    real.write("".join(REAL.splitlines(keepends=True)[:lines]))
    if restarts:
        real.settings = real.started()
    found = real.settings.get()
    assert found.queues == {"mail": QueueSettings(None, "30/min", 1500)}
    assert found.window == WindowSettings(grace_seconds=9)
    assert "`queues.mail.per_day`" in real.settings.strange_keys()[0]


@pytest.mark.parametrize("restarts", [False, True])
def test_a_limit_that_is_cut_is_not_in_force(real: Edited, restarts: bool) -> None:
    real.write(REAL.removesuffix("00\n"))
    if restarts:
        real.settings = real.started()
    with pytest.raises(SettingsError, match="may be cut"):
        real.settings.get()
    real.write(REAL.removesuffix("00\n") + "\n")
    assert real.settings.get().queues["mail"].per_day == 15


def test_a_limit_that_is_removed_by_a_save_stays_removed(real: Edited) -> None:
    real.write(REAL.partition("rate")[0])
    real.settings.change(lambda now: replace(now, queues={"mail": QueueSettings(rate="1/s")}))
    assert real.started().get().queues == {"mail": QueueSettings(rate="1/s")}
    real.settings.change(lambda now: replace(now, queues={"mail": QueueSettings(per_day=3)}))
    assert 'rate = "none"' in real.file.read_text()
    assert real.started().get().queues == {"mail": QueueSettings(per_day=3)}


def test_replaced_templates_are_remembered_with_the_settings(real: Edited) -> None:
    real.settings.replaced.put("confirmation", is_replaced=True)
    real.settings = real.started()
    assert real.settings.get().mail.host == "mail.example.org"
    assert real.settings.replaced.names == {"confirmation"}
    real.settings.replaced.put("confirmation", is_replaced=False)
    assert not real.started().replaced.names


@pytest.mark.parametrize("damage", ["{", "[]", '{"mail": {"transport": "pigeon"}}'])
def test_real_sending_that_cannot_be_remembered_goes_on_once_it_is_saved(
    real: Edited, damage: str
) -> None:
    real.write("")
    real.texts.append(damage)
    for _ in range(2):
        real.settings = real.started()
        assert not real.settings.is_practice
        assert real.settings.keep.tasks_days == LONGEST_DAYS
        assert real.settings.default_recipient() is None
        with pytest.raises(LinesLost, match="cannot be read from the database"):
            real.settings.get()
        real.settings.replaced.put("confirmation", is_replaced=True)  # is remembered, too
    with pytest.raises(SettingsError, match=r"mail\.host: "):
        real.settings.change(lambda now: replace(now, window=WindowSettings(7)))
    real.settings.change(lambda now: replace(now, mail=replace(now.mail, host="mx.example.org")))
    assert real.started().get().mail.host == "mx.example.org"
    assert real.started().keep == KeepSettings()


def test_without_real_sending_an_emptied_file_means_the_defaults(edited: Edited) -> None:
    edited.write('[mail]\ndefault_recipient = "me@example.org"\n')
    assert edited.settings.get().mail.default_recipient == "me@example.org"
    edited.write("")
    assert edited.settings.get() == Settings()


def test_a_damaged_file_is_told_each_time_until_it_is_fixed(edited: Edited) -> None:
    settings = edited.settings
    edited.write("[mail\n")
    for _ in range(2):
        with pytest.raises(SettingsError, match="line 1"):
            settings.get()
    assert settings.default_recipient() is None
    edited.write("[mail]\n")
    assert settings.get() == Settings()


def test_with_real_sending_there_is_no_default_recipient(file: Path) -> None:
    file.write_text('[mail]\ntransport = "smtp"\nhost = "mail.example.org"\n')
    assert CurrentSettings(FolderFiles(file.parent)).default_recipient() is None


def test_settings_that_became_others_or_unusable_are_told_once(edited: Edited) -> None:
    settings, told = edited.settings, list[str]()
    settings.on_change = lambda: told.append("new")
    settings.get()
    edited.write("# nothing new\n")
    settings.get()
    assert told == []
    edited.write("[mail]\nport = 26\n")
    settings.get()
    settings.get()
    assert len(told) == 1
    settings.change(lambda now: replace(now, mail=replace(now.mail, port=2525)))
    assert len(told) == 2
    edited.write("[mail\n")
    for _ in range(2):
        with pytest.raises(SettingsError):
            settings.get()
    assert len(told) == 3
    edited.write("[mail]\nport = 2525\n")
    settings.get()
    assert len(told) == 4
