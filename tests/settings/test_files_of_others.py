"""Files of others are refused with the way out; files that are being written are waited for."""

from __future__ import annotations

import os
import sys
import time
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest

from sendoff_tasks.folder import safe_files
from sendoff_tasks.folder.safe_files import (
    NotOwn,
    QuietFiles,
    await_quiet,
    check_own,
    open_own,
    read_own,
)
from tests import WITHIN

if sys.platform == "win32":
    pytest.skip("there are no such rights", allow_module_level=True)

import grp
import pwd

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
OTHER = 65534
ME = pwd.getpwuid(os.geteuid()).pw_name

QUIET = safe_files.QUIET
"""As it is where no test has it otherwise."""
Group = namedtuple("Group", ["gr_name", "gr_mem"])


@pytest.fixture(autouse=True)
def _for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_files, "QUIET", QUIET)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "a file.py"
    file.write_bytes(b"mine")
    return file


def refusal(path: Path) -> str:
    with pytest.raises(NotOwn) as refused:
        read_own(path)
    return str(refused.value)


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o644, 0o755])
def test_what_only_its_owner_can_write_is_read(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert read_own(file) == b"mine"


@pytest.mark.parametrize("mode", [0o666, 0o602, 0o646])
def test_what_everybody_can_write_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    said = f"other users can change it. If you trust it, run `chmod go-w '{file}'`"
    assert refusal(file) == said
    file.chmod(mode & ~0o022)  # the way out
    assert read_own(file) == b"mine"


@pytest.mark.parametrize(
    ("name", "members", "is_fine"),
    [
        (ME, [], True),
        (ME, [ME], True),
        (ME, [ME, "bob"], False),
        (ME, ["bob"], False),
        ("staff", [], False),
    ],
)
def test_a_group_may_write_if_it_is_the_owners_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, members: list[str], is_fine: bool
) -> None:
    monkeypatch.setattr(grp, "getgrgid", lambda number: Group(name, members))
    file.chmod(0o664)
    if is_fine:
        assert read_own(file) == b"mine"
    else:
        assert "chmod go-w" in refusal(file)


def test_a_group_without_a_name_is_nobodys_own(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(number: int) -> Group:
        raise KeyError(number)

    monkeypatch.setattr(grp, "getgrgid", unknown)
    file.chmod(0o620)
    assert "other users can change it" in refusal(file)


@as_root
def test_a_file_of_another_user_is_refused_whatever_its_mode(file: Path) -> None:
    file.chmod(0o600)
    os.chown(file, OTHER, -1)
    name = pwd.getpwuid(OTHER).pw_name
    said = f"it belongs to {name}. If you trust it, run `sudo chown {ME} '{file}'`"
    assert refusal(file) == said
    os.chown(file, os.geteuid(), -1)
    assert read_own(file) == b"mine"


@as_root
def test_a_file_of_root_is_fine_for_every_user(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: OTHER)
    assert read_own(file) == b"mine"


def test_a_link_is_followed_to_a_file_of_ones_own(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(file)
    assert read_own(link) == b"mine"
    file.chmod(0o666)
    assert "chmod go-w" in refusal(link)


def test_a_folder_is_judged_like_a_file(tmp_path: Path) -> None:
    check_own(tmp_path)
    tmp_path.chmod(0o777)
    with pytest.raises(NotOwn, match="chmod go-w"):
        check_own(tmp_path)
    tmp_path.chmod(0o700)


def test_what_is_opened_is_no_link_not_even_to_a_file_of_ones_own(
    file: Path, tmp_path: Path
) -> None:
    link, made = tmp_path / "link", tmp_path / "made"
    for target in (file, made):
        link.symlink_to(target)
        with pytest.raises(NotOwn, match="it is a link"):
            open_own(link, os.O_RDWR | os.O_CREAT)
        link.unlink()
    assert not made.exists()
    os.close(open_own(made, os.O_RDWR | os.O_CREAT))
    assert made.stat().st_mode & 0o777 == 0o600
    made.chmod(0o666)
    with pytest.raises(NotOwn, match="chmod go-w"):
        open_own(made, os.O_RDWR)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(OSError, match="it is not a file"):
        read_own(tmp_path / "pipe")


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    for call in (read_own, check_own, lambda path: open_own(path, os.O_RDWR)):
        with pytest.raises(FileNotFoundError):
            call(tmp_path / "none")


def aged(file: Path, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(file, (moment, moment))


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock that a file's last write is compared with."""
    now = time.time()
    monkeypatch.setattr(safe_files, "time", SimpleNamespace(time=lambda: now))


@pytest.mark.usefixtures("stopped")
def test_a_file_without_a_write_for_a_second_is_whole(file: Path) -> None:
    files = QuietFiles(lambda: 1000.0)
    assert not files.is_quiet(file)
    aged(file, 0.5)
    assert not files.is_quiet(file)
    aged(file, 1.1)
    assert files.is_quiet(file)
    file.write_bytes(b"again")
    assert not files.is_quiet(file)


@pytest.mark.parametrize("ahead", [2.0, 3600.0, 1e9])
def test_a_write_in_the_future_is_waited_for_by_the_steady_clock(file: Path, ahead: float) -> None:
    clock = [1000.0]
    files = QuietFiles(lambda: clock[0])
    aged(file, -ahead)
    assert not files.is_quiet(file)
    clock[0] += 0.9
    assert not files.is_quiet(file)
    with file.open("ab") as more:
        more.write(b" and more")
    aged(file, -ahead)
    clock[0] += 0.9
    assert not files.is_quiet(file)
    clock[0] += 1.1
    assert files.is_quiet(file)
    assert files.is_quiet(file)


@pytest.mark.usefixtures("stopped")
def test_a_file_may_be_missing_for_a_moment(file: Path) -> None:
    """As while an editor replaces it."""
    clock = [1000.0]
    files = QuietFiles(lambda: clock[0])
    aged(file, 60)
    assert files.is_quiet(file)
    aside = file.rename(file.with_name("aside"))
    assert not files.is_quiet(file)
    clock[0] += 0.9
    assert not files.is_quiet(file)
    aside.rename(file)
    assert files.is_quiet(file)
    file.unlink()
    assert not files.is_quiet(file)
    clock[0] += 1.0
    assert files.is_quiet(file)


@pytest.mark.usefixtures("stopped")
def test_a_file_that_is_missing_again_later_is_waited_for_again(file: Path) -> None:
    clock = [1000.0]
    files = QuietFiles(lambda: clock[0])
    aside = file.rename(file.with_name("aside"))
    assert not files.is_quiet(file)
    aside.rename(file)
    clock[0] += 3600.0  # nobody looks while it is there
    file.unlink()
    os.utime(file.parent)
    assert not files.is_quiet(file)
    clock[0] += 0.9
    assert not files.is_quiet(file)
    aged(file.parent, 1.1)
    assert files.is_quiet(file)


def test_a_file_that_was_never_there_is_missing_at_once(tmp_path: Path) -> None:
    aged(tmp_path, 60)
    assert QuietFiles().is_quiet(tmp_path / "none")
    assert QuietFiles().is_quiet(tmp_path / "no folder" / "none")


def test_a_file_that_was_just_written_is_waited_for(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_files, "QUIET", 0.3)
    file.write_bytes(b"again")
    written = file.stat().st_mtime
    assert await_quiet(file, within=WITHIN)
    assert time.time() - written >= 0.3


def test_a_file_that_never_rests_is_waited_for_no_longer_than_said(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_files, "QUIET", 3600.0)
    assert not await_quiet(file, within=0.2)
