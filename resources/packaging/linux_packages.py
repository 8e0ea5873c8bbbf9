"""The Debian package and the archive of the frozen program."""

from __future__ import annotations

import datetime
import email.utils
import gzip
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import parts

ROOT = Path(__file__).resolve().parents[2]
LINUX = Path(__file__).parent / "linux"
# Parts of glibc: the package of libc.so.6 has them all.
GLIBC = ("ld-linux", "libdl.so", "libm.so", "libpthread.so", "libresolv.so", "librt.so")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAINTAINER = "{name} <{email}>".format(**PROJECT["authors"][0])
CHANGELOG = """\
sendoff ({version}) stable; urgency=medium

  * CHANGELOG.md of the source says what is new.

 -- {maintainer}  {date}
"""
CONTROL = """\
Package: sendoff
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Homepage: {homepage}
Installed-Size: {installed}
Depends: {depends}
Recommends: fonts-dejavu-core | fonts-inter
Section: mail
Priority: optional
Description: register items; their e-mails and background tasks run durably
 An office, shop, club or library types an item in a form, or drops a
 spreadsheet on the window. Each item's confirmation e-mail and background
 tasks run on all cores and survive a restart. A live table shows each task's
 state, progress, log and error, with retry and cancel.
"""


def debian_package(program: Path, contents: dict[str, str], version: str, output: Path) -> Path:
    """Make the .deb: the program without the libraries that Debian has, and what a desktop shows.

    Raises:
        LookupError: the program needs a library that it does not have and no package is known for,
            or a newer C library than ``libraries.toml`` promises.
    """
    tree = output / "deb"
    where = tree / "usr" / "lib" / "sendoff"
    shutil.copytree(program, where, symlinks=True)
    depends = leave_to_the_system(where)
    parts.add_all(where, contents, where)
    documents = tree / "usr" / "share" / "doc" / "sendoff"
    documents.mkdir(parents=True)
    _write(documents / "copyright", LINUX / "copyright", version)
    names = {"version": version, "maintainer": MAINTAINER, "homepage": PROJECT["urls"]["Homepage"]}
    date = email.utils.formatdate(_epoch())
    _gzip(documents / "changelog.gz", CHANGELOG.format(date=date, **names))
    share_files(tree / "usr" / "share", version)
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / "sendoff").symlink_to("../lib/sendoff/sendoff")
    files = [each for each in tree.rglob("*") if each.is_file() and not each.is_symlink()]
    (tree / "DEBIAN").mkdir()
    asked = ["dpkg", "--print-architecture"]
    architecture = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    control = CONTROL.format(
        **names,
        architecture=architecture,
        installed=sum(each.stat().st_size for each in files) // 1024,
        depends=", ".join(depends),
    )
    (tree / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    made = output / f"sendoff_{version}_{architecture}.deb"
    _settle(tree, where / "sendoff")
    command = ["dpkg-deb", "--build", "--root-owner-group", "-Zxz", str(tree), str(made)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return made


def leave_to_the_system(where: Path) -> list[str]:
    """Delete the libraries that the system has; returns what the package depends on.

    Raises:
        LookupError: a library is needed, not here, and not in ``libraries.toml``; or a newer C
            library than is named there.
    """
    packages = tomllib.loads((LINUX / "libraries.toml").read_text(encoding="utf-8"))
    for each in (where / "_internal").iterdir():
        if each.name in packages:
            each.unlink()
    here = {each.name for each in where.rglob("*.so*")}
    needed = {name for file in where.rglob("*") for name in _needed(file)} - here
    versions = {name for name in needed if name.startswith("GLIBC_2")}
    needed = {name for name in needed - versions if not name.startswith(GLIBC)}
    if unknown := needed - packages.keys():
        raise LookupError(f"no package is known for {', '.join(sorted(unknown))}")
    newest = max((int(name.split(".")[1]) for name in versions), default=0)
    if newest > int(packages["libc.so.6"].partition("2.")[2].rstrip(")")):
        raise LookupError(f"the program needs glibc 2.{newest}")
    return sorted({packages[name] for name in needed} | {packages["libc.so.6"]})


def _needed(file: Path) -> Iterator[str]:
    """Yield the libraries that a program or library names, and the versions of the C library."""
    if file.is_symlink() or not file.is_file():
        return
    with file.open("rb") as opened:
        if opened.read(4) != b"\x7fELF":
            return
    command = ["readelf", "--dynamic", "--version-info", str(file)]
    for line in subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout.splitlines():
        if "(NEEDED)" in line:
            yield line.partition("[")[2].rstrip("]")
        elif found := re.search(r"Name: (GLIBC_2\.\d+)", line):
            yield found[1]


def share_files(share: Path, version: str) -> None:
    """Write the desktop entry, its icon, what software centres show, and the manual page."""
    files = {
        "applications/sendoff.desktop": LINUX / "sendoff.desktop",
        "icons/hicolor/scalable/apps/sendoff.svg": ROOT / "resources" / "icons" / "sendoff.svg",
        "metainfo/org.sendoff.desktop.metainfo.xml": LINUX / "org.sendoff.desktop.metainfo.xml",
        "lintian/overrides/sendoff": LINUX / "lintian-overrides",
        "man/man1/sendoff.1.gz": LINUX / "sendoff.1",
    }
    for name, source in files.items():
        target = share / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, source, version)


def _write(target: Path, source: Path, version: str) -> None:
    """Write a file with version, day and addresses put in, packed if its name says so."""
    text = source.read_text(encoding="utf-8")
    given = {"VERSION": version, "DATE": _day(), **PROJECT["urls"]}
    for name, value in given.items():
        text = text.replace(f"@{name.upper()}@", value)
    if target.suffix == ".gz":
        _gzip(target, text)
    else:
        target.write_text(text, encoding="utf-8")


def archive(program: Path, contents: dict[str, str], version: str, output: Path) -> Path:
    """Make the .tar.zst: a folder that runs where it lies, and ``install.sh`` for one user."""
    tree = output / f"sendoff-{version}"
    shutil.copytree(program, tree, symlinks=True)
    parts.add_all(tree, contents, tree)
    shutil.copy(LINUX / "install.sh", tree)
    (tree / "share").mkdir()
    shutil.copy(LINUX / "sendoff.desktop", tree / "share")
    shutil.copy(ROOT / "resources" / "icons" / "sendoff.svg", tree / "share")
    made = output / f"sendoff-{version}-linux-{os.uname().machine}.tar.zst"
    tar = ["tar", "--create", "--sort=name", f"--mtime=@{_epoch()}", "--owner=0", "--group=0"]
    tar += ["--numeric-owner", "--mode=go=rX,u+rw", "--use-compress-program=zstd -19 --quiet"]
    subprocess.run([*tar, "--file", made, "--directory", output, tree.name], check=True)
    return made


def _epoch() -> int:
    return int(os.environ["SOURCE_DATE_EPOCH"])


def _day() -> str:
    return datetime.datetime.fromtimestamp(_epoch(), datetime.UTC).date().isoformat()


def _gzip(target: Path, text: str) -> None:
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _settle(tree: Path, program: Path) -> None:
    """Give each file the time of the commit, and a mode that is not the builder's."""
    for each in (tree, *tree.rglob("*")):
        if not each.is_symlink():
            each.chmod(0o755 if each.is_dir() or each == program else 0o644)
        os.utime(each, (_epoch(), _epoch()), follow_symlinks=False)
