"""What is made for people to install, without the frozen program itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Final

import _cffi_backend
import anyio
import httpx
import pydantic_core
import pytest

import desktop

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "release.md"
PACKAGING: Final = ROOT / "resources" / "packaging"
sys.path.insert(0, str(PACKAGING))

import build  # noqa: E402
import linux_packages  # noqa: E402
import parts  # noqa: E402

import launch  # noqa: E402

CFFI: Final = str(_cffi_backend.__file__)
"""A library that a package brings."""


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


def test_the_page_of_a_release_names_each_file_that_has_the_version() -> None:
    text = PAGE.read_text(encoding="utf-8")
    step = next(line for line in text.splitlines() if "version into" in line)
    named = {ROOT / each for each in re.findall(r"`([\w/.-]+\.\w+)`", step)}
    files = [ROOT / "pyproject.toml"]
    for folder in (ROOT / "desktop", ROOT / "resources"):
        files += [each for each in folder.rglob("*") if each.suffix in {".py", ".toml", ".json"}]
    found = re.compile(rf"(?<![\d.]){re.escape(desktop.__version__)}(?![\d.+])")
    having = {each for each in files if found.search(each.read_text("utf-8"))}
    assert having | {ROOT / "CHANGELOG.md"} == named


def test_both_projects_have_the_same_addresses() -> None:
    program, library = (
        tomllib.loads((each / "pyproject.toml").read_text("utf-8"))["project"]
        for each in (ROOT, ROOT / "desktop" / "library")
    )
    assert library["urls"].items() <= program["urls"].items()
    assert library["authors"] == program["authors"]


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
        return linux_packages.debian_package(folder / "Sendoff", {}, "0.1.0", folder)
    finally:
        os.umask(before)


def test_a_bill_has_what_is_in_the_package_and_its_licences(tmp_path: Path) -> None:
    package, where = tmp_path / "Sendoff", tmp_path / "about"
    where.mkdir()
    cffi = Path(CFFI)
    ours = Path(sys.base_prefix, "lib", sysconfig.get_config_var("INSTSONAME"))
    contents = {
        cffi.name: str(cffi),
        ours.name: str(ours),
        "libgone.so.1": str(cffi),
        "httpx-1.dist-info/METADATA": httpx.__file__,
        "module anyio": anyio.__file__,
        "module desktop": desktop.__file__,
        "libunknown.so.1": "/nowhere/libunknown.so.1",
    }
    for name in contents.keys() - {"libgone.so.1"}:
        (package / "_internal" / name).parent.mkdir(parents=True, exist_ok=True)
        (package / "_internal" / name).touch()
    parts.add_all(package, contents, where)
    bill = json.loads((where / "sendoff.cdx.json").read_text(encoding="utf-8"))
    found = {each["name"]: each for each in bill["components"]}
    by_python = "Python" if "Python" in found else next(n for n in found if "python3" in n)
    assert found.keys() == {"cffi", "anyio", by_python, "libunknown.so.1"}
    assert found["anyio"]["purl"] == f"pkg:pypi/anyio@{version('anyio')}"
    places = found["cffi"]["evidence"]["occurrences"]
    assert places == [{"location": f"_internal/{cffi.name}"}]
    assert list((where / "licences" / "cffi").iterdir())
    listed = (where / "licences" / "README.txt").read_text(encoding="utf-8")
    assert f"anyio {version('anyio')}  MIT" in listed


def test_what_a_wheel_is_compiled_from_is_part_of_it(tmp_path: Path) -> None:
    (part,) = parts.parts_of(tmp_path, {"module pydantic_core": pydantic_core.__file__})
    inner = {each.name: each for each in part.inner}
    assert "MIT" in inner["pyo3"].licence
    assert inner["pyo3"].purl == f"pkg:cargo/pyo3@{inner['pyo3'].version}"


def test_a_program_that_needs_a_newer_system_than_is_promised_is_refused(tmp_path: Path) -> None:
    newer = re.sub(rb"GLIBC_2\.\d\d(?=\0)", b"GLIBC_2.99", Path(CFFI).read_bytes())
    (tmp_path / "_internal").mkdir()
    (tmp_path / "_internal" / "libnew.so").write_bytes(newer)
    with pytest.raises(LookupError, match=r"2\.99"):
        linux_packages.leave_to_the_system(tmp_path)


def test_makensis_is_found_where_its_installer_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("ProgramFiles(x86)", str(tmp_path))
    with pytest.raises(launch.Missing):
        build.makensis()
    there = program(tmp_path / "NSIS" / "makensis")
    assert Path(build.makensis()) == there


def program(file: Path, text: str = "") -> Path:
    """Write a program that takes the place of one of another system."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def test_the_app_is_sealed_with_all_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "Sendoff.app" / "Contents" / "Resources"
    inside.mkdir(parents=True)
    note = f'echo "${{0##*/}} $1 $(find {inside} -type f | wc -l)" >> {tmp_path}/noted'
    for name in ("codesign", "ditto"):
        program(tmp_path / "bin" / name, note)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    build.mac_archive(tmp_path / "Sendoff", {}, tmp_path)
    count = len([each for each in inside.rglob("*") if each.is_file()])
    steps = (tmp_path / "noted").read_text().splitlines()
    assert steps == [
        f"{each} {count}" for each in ("codesign --force", "codesign --verify", "ditto -c")
    ]


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
    page = PAGE.read_text(encoding="utf-8")
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
    at_login = home / ".config/autostart/sendoff.desktop"
    at_login.parent.mkdir(parents=True)
    at_login.write_text(f"TryExec={program / 'sendoff'}\n")
    assert script("remove") == 0
    assert [each for each in home.rglob("*") if not each.is_dir()] == [command] * foreign
