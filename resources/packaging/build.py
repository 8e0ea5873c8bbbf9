#!/usr/bin/env python3
"""Build what people install: ``python3 resources/packaging/build.py [FOLDER]``.

On Linux a Debian package and an archive with ``install.sh``; on Windows and macOS the tree that
the installer and the disk image are made from. Each holds the frozen program of ``build.spec``,
the licences of its parts and the list of them (``sendoff.cdx.json``, CycloneDX). Two builds of one
commit are equal byte by byte.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path, PureWindowsPath

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import parts  # noqa: E402

import launch  # noqa: E402

PACKAGING = ROOT / "resources" / "packaging"
# The programs that a build on Linux calls → their Debian packages; PyInstaller calls objdump.
TOOLS = {"git": "git", "objdump": "binutils", "chrpath": "chrpath", "zstd": "zstd"}
MIB = 2**20
# (installed, packed) in MiB: what an office's line and disk take without a thought.
LIMITS = {".deb": (145, 52), ".tar.zst": (170, 62)}


def main(arguments: list[str]) -> int:
    """Build into the folder, ``dist`` unless named; returns 1 if a tool is missing."""
    output = Path(arguments[0] if arguments else ROOT / "dist").resolve()
    try:
        if sys.platform == "win32":
            makensis()
        python = launch.environment(testing=True, shown=False, programs=TOOLS)
    except launch.Missing as error:
        print(error, file=sys.stderr)
        return 1
    if Path(sys.prefix) != Path(launch.VENV):
        return subprocess.call([python, __file__, str(output)])
    os.environ |= {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": committed_at()}
    shutil.rmtree(output, ignore_errors=True)
    program, contents = freeze(output)
    if sys.platform == "linux":
        made = linux_packages(program, contents, output)
    elif sys.platform == "win32":
        parts.add_all(program, contents, program)
        made = windows_installer(program, output)
    else:
        made = mac_archive(program, contents, output)
    lines = [f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in made]
    (output / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return 0


def committed_at() -> str:
    """Return the time of the commit, s since 1970: what is built carries no other."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    command = ["git", "log", "-1", "--format=%ct"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout[:-1]


def freeze(output: Path) -> tuple[Path, dict[str, str]]:
    """Run PyInstaller; returns the program's folder, and what is in it → where it came from."""
    command = [
        sys.executable,
        "-m",
        "PyInstaller",
        "--clean",
        "--noconfirm",
        "--log-level",
        "ERROR",
    ]
    command += ["--distpath", str(output), "--workpath", str(output / "work")]
    subprocess.run([*command, "build.spec"], cwd=ROOT, check=True)
    contents = json.loads((output / "work" / "build" / "contents.json").read_text("utf-8"))
    shutil.rmtree(output / "work")
    program = output / "Sendoff"
    if sys.platform == "linux":
        forget_the_builder(program)
    return program, contents


def forget_the_builder(program: Path) -> None:
    """Take the path of the builder's Python, where libraries would be sought, out of its files."""
    for each in sorted(program.rglob("*.so*")):
        if not each.is_symlink() and sys.base_prefix.encode() in each.read_bytes():
            subprocess.run(
                ["chrpath", "--replace", "$ORIGIN", each], check=False, stdout=subprocess.DEVNULL
            )


def linux_packages(program: Path, contents: dict[str, str], output: Path) -> list[Path]:
    """Make the Debian package and the archive, and measure both."""
    import linux_packages as linux

    from desktop import __version__

    package = linux.debian_package(program, contents, __version__, output)
    measured(output / "deb", package, ".deb")
    archive = linux.archive(program, contents, __version__, output)
    measured(output / f"sendoff-{__version__}", archive, ".tar.zst")
    shutil.rmtree(output / "deb")
    shutil.rmtree(output / f"sendoff-{__version__}")
    return [package, archive]


def windows_installer(program: Path, output: Path) -> list[Path]:
    """Compile the NSIS script over the program's folder and the list of its files."""
    from desktop import __version__

    files = output / "files.txt"
    files.write_bytes(installed_files(program))
    made = output / f"Sendoff-{__version__}-setup.exe"
    icon = ROOT / "resources" / "icons" / "sendoff.ico"
    defines = {"VERSION": __version__, "FOLDER": program, "FILES": files}
    defines |= {"OUTPUT": made, "ICON": icon}
    options = [f"-D{name}={value}" for name, value in defines.items()]
    subprocess.run([makensis(), "-V2", *options, PACKAGING / "windows" / "sendoff.nsi"], check=True)
    files.unlink()
    return [made]


def makensis() -> str:
    """Return NSIS's compiler: its own installer puts it beside the PATH.

    Raises:
        launch.Missing: it is not there.
    """
    folders = [os.environ.get(name) for name in ("ProgramFiles(x86)", "ProgramFiles")]
    places = [os.environ["PATH"], *(str(Path(each, "NSIS")) for each in folders if each)]
    found = shutil.which("makensis", path=os.pathsep.join(places))
    if not found:
        raise launch.Missing("Please install NSIS, which has makensis, then start again.")
    return found


def installed_files(program: Path) -> bytes:
    """List what the Windows installer installs, as it reads that: files, then folders, inner first.

    Raises:
        UnicodeEncodeError: a name is not ASCII.
    """
    inside = sorted(each.relative_to(program) for each in program.rglob("*"))
    names = [str(PureWindowsPath(each)) for each in inside if not (program / each).is_dir()]
    folders = [str(PureWindowsPath(each)) for each in inside if (program / each).is_dir()]
    lines = [*names, "uninstall.exe", *(f"{each}\\" for each in reversed(folders))]
    return "".join(f"{each}\r\n" for each in lines).encode("ascii")


def mac_archive(program: Path, contents: dict[str, str], output: Path) -> list[Path]:
    """Complete the .app, seal it, and pack it; a person signs and notarizes it."""
    from desktop import __version__

    app = output / "Sendoff.app"
    parts.add_all(program, contents, app / "Contents" / "Resources")
    subprocess.run(["codesign", "--force", "--deep", "--sign", "-", app], check=True)
    subprocess.run(["codesign", "--verify", "--deep", "--strict", app], check=True)
    made = output / f"Sendoff-{__version__}-macos-{os.uname().machine}.zip"
    subprocess.run(["ditto", "-c", "-k", "--keepParent", app, made], check=True)
    return [made]


def measured(installed: Path, packed: Path, suffix: str) -> None:
    """Print both sizes.

    Raises:
        AssertionError: one is over its limit.
    """
    files = [each for each in installed.rglob("*") if each.is_file() and not each.is_symlink()]
    sizes = (sum(each.stat().st_size for each in files) / MIB, packed.stat().st_size / MIB)
    print(f"{packed.name}: {sizes[0]:.0f} MiB installed, {sizes[1]:.0f} MiB packed", flush=True)
    assert all(size <= limit for size, limit in zip(sizes, LIMITS[suffix], strict=True)), sizes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
