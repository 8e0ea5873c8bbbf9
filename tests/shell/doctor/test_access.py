"""A sound store that cannot be opened or written is not called damaged, and nothing replaces it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.engine.store.file.backup import back_up
from desktop.engine.store.file.database import open_store
from desktop.settings.paths import DataFolder
from desktop.shell.doctor import doctor

NOBODY = 65534

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@contextmanager
def without_privileges() -> Iterator[None]:
    """Be a user to whom modes and owners matter; root passes all of them."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def data() -> Iterator[DataFolder]:
    """A sound store with a backup; pytest's own folders are root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="sendoff-doctor-"))
    there = DataFolder(folder)
    open_store(there.db).close()
    back_up(there.db, datetime.now(UTC))
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    yield there
    folder.chmod(0o700)
    shutil.rmtree(folder)


def shut(data: DataFolder) -> None:
    data.db.chmod(0)


def give_to_root(data: DataFolder) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(data.db, 0, 0)
    data.db.chmod(0o600)


def freeze_folder(data: DataFolder) -> None:
    data.root.chmod(0o500)


def freeze_file(data: DataFolder) -> None:
    data.db.chmod(0o400)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (shut, "cannot be opened (Permission denied)"),
        (give_to_root, "cannot be opened (Permission denied)"),
        (freeze_folder, "(its folder: Permission denied)"),
        (freeze_file, "is sound, but cannot be written (Permission denied)"),
    ],
)
def test_it_says_why_and_restores_nothing(
    data: DataFolder,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[DataFolder], None],
    reason: str,
) -> None:
    content = data.db.read_bytes()
    spoil(data)
    with without_privileges():
        assert doctor.run(str(data.root), restores=False) == 1
        assert doctor.run(str(data.root), restores=True) == 1
    said = capsys.readouterr()
    assert reason in said.out
    assert "damaged" not in said.out + said.err
    assert "othing was restored" in said.err
    data.root.chmod(0o700)
    data.db.chmod(0o600)
    assert data.db.read_bytes() == content
    assert not list(data.root.glob("damaged-*"))


@pytest.mark.parametrize("has_backup", [True, False])
def test_on_a_read_only_disk_it_says_that(
    data: DataFolder, capsys: pytest.CaptureFixture[str], has_backup: bool
) -> None:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a disk read-only")
    if not has_backup:
        shutil.rmtree(data.root / "backups")
    subprocess.run(["mount", "--bind", "-o", "ro", data.root, data.root], check=True)
    try:
        assert doctor.run(str(data.root), restores=False) == 1
        assert doctor.run(str(data.root), restores=True) == 1
    finally:
        subprocess.run(["umount", "--lazy", data.root], check=True)
    said = capsys.readouterr()
    assert f"Data folder {data.root} cannot be written" in said.out
    assert "cannot be opened (Read-only file system)" in said.out
    assert "damaged" not in said.out + said.err
    assert "move it away" not in said.out + said.err
    assert "othing was restored" in said.err


def test_a_folder_that_others_keep_shut_is_said(
    data: DataFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(data.root, 0, 0)
    with without_privileges():
        assert doctor.run(str(data.root), restores=False) == 1
        assert doctor.run(str(data.root), restores=True) == 1
    said = capsys.readouterr()
    assert f"Data folder {data.root} cannot be opened: " in said.out
    assert "othing was restored" in said.err
