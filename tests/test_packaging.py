"""What is made for people to install, without the frozen program itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGING: Final = ROOT / "resources" / "packaging"
sys.path.insert(0, str(PACKAGING))

import build  # noqa: E402
import linux_packages  # noqa: E402


def test_the_windows_installer_has_a_list_of_all_its_files_then_folders_the_inner_first(
    tmp_path: Path,
) -> None:
    for name in ("sendoff.exe", "_internal/base.zip", "_internal/PySide6/plugins/q.dll"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    *lines, end = build.installed_files(tmp_path).split(b"\r\n")
    assert end == b""
    files = {b"sendoff.exe", b"uninstall.exe", rb"_internal\base.zip"}
    assert {*lines[:4]} == files | {rb"_internal\PySide6\plugins\q.dll"}
    folders = [b"_internal\\PySide6\\plugins\\", b"_internal\\PySide6\\", b"_internal\\"]
    assert lines[4:] == folders


def test_the_windows_installer_deletes_by_its_list_alone_and_asks_nothing_in_silence() -> None:
    """``python -m tests.installer`` shows it."""
    text = (PACKAGING / "windows" / "sendoff.nsi").read_text(encoding="utf-8")
    code = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*;.*$", "", text))
    assert not re.search(r"(?i)RMDir\s+/|Delete\s+/|REBOOTOK", code)
    own = {r'"$SMPROGRAMS\Sendoff.lnk"', r'"$INSTDIR\$1"', r'"$INSTDIR\${LIST}"', '"$INSTDIR"'}
    assert {*re.findall(r"(?i)\b(?:RMDir|Delete) (.*)", code)} == own
    boxes = re.findall(r"MessageBox.*", code)
    assert boxes
    assert [box for box in boxes if "/SD ID" not in box] == []


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="Debian's tools make its packages")
def test_the_debian_package_is_the_same_whoever_builds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764486000")
    packages = [built(tmp_path / oct(umask), umask) for umask in (0o022, 0o077)]
    listed = [subprocess.check_output(["dpkg-deb", "-c", each], text=True) for each in packages]
    modes = {line.split()[0] for line in listed[1].splitlines()}
    assert modes == {"drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "lrwxrwxrwx"}
    assert re.findall(r"-rwxr-xr-x .* (\S+)", listed[1]) == ["./usr/lib/sendoff/sendoff"]
    assert packages[0].read_bytes() == packages[1].read_bytes()


def built(folder: Path, umask: int) -> Path:
    """Make a Debian package of a stand-in for the program."""
    before = os.umask(umask)
    try:
        (folder / "Sendoff" / "_internal").mkdir(parents=True)
        for name in ("sendoff", "_internal/base.zip"):
            (folder / "Sendoff" / name).write_text("a stand-in")
        return linux_packages.debian_package(folder / "Sendoff", "0.1.0", folder)
    finally:
        os.umask(before)


def test_a_build_asks_for_its_own_tools_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr("launch._loads", lambda _: True)
    monkeypatch.setattr("launch._has_font", lambda: True)
    monkeypatch.setattr("launch._finds", lambda _: False)
    assert build.main([str(tmp_path / "dist")]) == 1
    assert " ".join(build.TOOLS.values()) in capsys.readouterr().err.splitlines()[-1]
    page = (ROOT / "docs" / "release.md").read_text(encoding="utf-8")
    assert [each for each in build.TOOLS.values() if f"`{each}`" not in page] == []


@pytest.mark.parametrize("foreign", [True, False])
def test_the_archive_s_script_installs_and_removes_nothing_of_another_program(
    tmp_path: Path, foreign: bool
) -> None:
    unpacked, home = tmp_path / "sendoff-0.1.0", tmp_path / "home"
    command, program = home / ".local/bin/sendoff", home / ".local/lib/sendoff"
    (unpacked / "share").mkdir(parents=True)
    command.parent.mkdir(parents=True)
    shutil.copy(PACKAGING / "linux" / "install.sh", unpacked)
    for name in ("sendoff.desktop", "sendoff.svg"):
        (unpacked / "share" / name).write_text("Exec=sendoff\n")
    (unpacked / "sendoff.cdx.json").touch()
    (unpacked / "sendoff").write_text("#!/bin/sh\n")
    (unpacked / "sendoff").chmod(0o755)

    def script(*arguments: str) -> int:
        environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
        run = ["sh", str(unpacked / "install.sh"), *arguments]
        return subprocess.run(run, env=environment, capture_output=True, check=False).returncode

    if foreign:
        command.write_text("another program")
        (program / "own").mkdir(parents=True)
        assert (script(), script("remove")) == (1, 1)
        assert (program / "own").is_dir()
        (program / "own").rmdir()
        program.rmdir()
    assert (script(), script()) == (0, 0)
    assert (program / "sendoff").exists()
    assert command.is_symlink() is not foreign
    assert script("remove") == 0
    assert [each for each in home.rglob("*") if not each.is_dir()] == [command] * foreign
