"""What is made for people to install, without the frozen program itself."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGING: Final = ROOT / "resources" / "packaging"
sys.path.insert(0, str(PACKAGING))

import build  # noqa: E402


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
