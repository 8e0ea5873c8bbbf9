"""The Windows installer under Wine, with a stand-in for the program: ``python -m tests.installer``.

It is installed into folders that have other files, over a version with other files, over one that
kept no list of them, and while the program runs, then uninstalled: silently, with no window that
waits. What was there before stays, and nothing of the program. Needs ``makensis`` and a Wine that
runs 32-bit programs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.looking import eventually

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "resources" / "packaging"))

import build  # noqa: E402

TOOLS: Final = {"makensis": "nsis", "wine": "wine32:i386"}
WITHIN: Final = 60
"""Seconds that a silent installation may take."""
LIST: Final = "sendoff-files.txt"
STAND_IN: Final = r"""
Unicode true
OutFile "sendoff.exe"
RequestExecutionLevel user
SilentInstall silent
!include "FileFunc.nsh"
Section
  ${GetParameters} $0
  StrCmp $0 "hold" 0 done
  FileOpen $1 "$EXEDIR\held" w
  FileClose $1
  Sleep 600000
  done:
SectionEnd
"""
"""A program that does nothing, or holds its file for ten minutes; it makes the file ``held``."""
FIRST: Final = ("_internal/base.zip", "_internal/old only/inner/a.txt", "licences/Qt.txt")
SECOND: Final = ("_internal/base.zip", "_internal/new.txt", "licences/Qt.txt")
VERSIONS: Final = {"first": FIRST, "second": SECOND}
FOREIGN: Final = (
    "Brief an Müller.docx",
    "2026/März.xlsx",
    "_internal/note.txt",
    "licences/own.txt",
)


def main() -> int:
    """Do it all; returns 0."""
    if lacking := [deb for name, deb in TOOLS.items() if not shutil.which(name)]:
        print(f"Please install: apt-get install {' '.join(lacking)}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        os.environ |= {"WINEPREFIX": str(folder / "wine"), "WINEDEBUG": "-all"}
        run("wineboot", "--init")
        first, second = (made(folder / name, *files) for name, files in VERSIONS.items())
        try:
            goes_only_with_its_own_files(first, second)
            leaves_what_an_older_version_did_not_list(second)
            ends_while_the_program_runs(first, second)
        finally:
            run("wineboot", "--kill")
    return 0


def made(folder: Path, *files: str) -> Path:
    """Compile the installer of a stand-in with these files; returns the installer."""
    program = folder / "Sendoff"
    program.mkdir(parents=True)
    (program / "stand-in.nsi").write_text(STAND_IN)
    subprocess.run(["makensis", "-V1", "stand-in.nsi"], cwd=program, check=True)
    (program / "stand-in.nsi").unlink()
    fill(program, files, folder.name)
    (setup,) = build.windows_installer(program, folder)
    return setup


def fill(folder: Path, names: tuple[str, ...], text: str) -> None:
    """Write files into a folder."""
    for each in names:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text(text)


def run(*command: str | Path) -> int:
    """Run a program under Wine; returns its exit status. One that waits for a person fails."""
    return subprocess.run(["wine", *command], timeout=WITHIN, check=False).returncode


def drive() -> Path:
    """Return the folder that is C: under Wine."""
    return Path(os.environ["WINEPREFIX"], "drive_c")


def install(setup: Path, name: str) -> int:
    """Install silently into a folder of C:; returns the exit status."""
    return run(setup, "/S", f"/D=C:\\{name}")


def uninstall(name: str) -> None:
    """Uninstall silently, and wait: the uninstaller goes on as a copy of itself."""
    assert run(drive() / name / "uninstall.exe", "/S") == 0
    eventually(lambda: not (drive() / name / "uninstall.exe").exists())
    eventually(lambda: not (drive() / name / LIST).exists())


def files_in(name: str) -> set[str]:
    """Return the names of the files in a folder of C:."""
    where = drive() / name
    return {str(each.relative_to(where)) for each in where.rglob("*") if each.is_file()}


def goes_only_with_its_own_files(first: Path, second: Path) -> None:
    """Install, update and uninstall in a folder with other files, and in one of its own."""
    own = {"sendoff.exe", "uninstall.exe", LIST}
    for name, foreign in (("Verträge", FOREIGN), ("Sendoff", ())):
        fill(drive() / name, foreign, "a person's")
        assert install(first, name) == 0
        assert files_in(name) == own | {*FIRST, *foreign}
        assert install(second, name) == 0
        assert files_in(name) == own | {*SECOND, *foreign}
        uninstall(name)
        assert files_in(name) == {*foreign}
        texts = {(drive() / name / each).read_text() for each in foreign}
        assert texts <= {"a person's"}
        if not foreign:
            eventually(lambda: not (drive() / "Sendoff").exists())
    print("installed, updated and uninstalled: no other file is gone", flush=True)


def leaves_what_an_older_version_did_not_list(second: Path) -> None:
    """Update a version that kept no list of its files."""
    fill(drive() / "Older", (*FIRST, *FOREIGN, "sendoff.exe", "uninstall.exe"), "no program")
    assert install(second, "Older") == 0
    before = {*FIRST, *FOREIGN}
    assert files_in("Older") == before | {*SECOND, "sendoff.exe", "uninstall.exe", LIST}
    uninstall("Older")
    assert files_in("Older") == before - {*SECOND}
    print("updated one without a list: no other file is gone", flush=True)


def ends_while_the_program_runs(first: Path, second: Path) -> None:
    """Neither updates nor uninstalls a program that does not quit, and waits for nobody."""
    assert install(first, "Held") == 0
    with subprocess.Popen(["wine", drive() / "Held" / "sendoff.exe", "hold"]) as held:
        eventually((drive() / "Held" / "held").exists)
        before = files_in("Held")
        assert install(second, "Held") == 2
        assert run(drive() / "Held" / "uninstall.exe", "/S", "_?=C:\\Held") != 0
        assert files_in("Held") == before
        run("wineboot", "--kill")
        held.wait()
    print("left a program alone that runs", flush=True)


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m tests.installer", description=__doc__).parse_args()
    sys.exit(main())
