"""Build the packages twice, then use them in bare systems: ``python -m tests.packages [FOLDER]``.

Both builds must be equal byte by byte, and list each library that is in them. In a bare Debian 12
and a bare Debian 13, without a network once its dependencies are fetched, the package is installed;
an ordinary user opens the window on X11 and on Wayland, types an item, runs own tasks in a thread
and in a process, sends a workbook and reads its report. Another build is installed under the open
window, with 30 tasks under way. Then it is removed, and nothing but the data is left. The archive
is installed for that user, too, and names what the system lacks. Needs root, and downloads two
small systems. Packages in a FOLDER that is named are used as they are, without a build.
"""

from __future__ import annotations

import argparse
import contextlib
import filecmp
import functools
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.frozen import OWN_TASKS
from tests.journeys.screen import Screen
from tests.journeys.test_main_job import type_item
from tests.looking import eventually
from tests.sheets.files import write_xlsx
from tests.test_builds import OWN, TASKS

ROOT = Path(__file__).resolve().parents[1]
TOOLS = {"debootstrap": "debootstrap", "weston": "weston", "Xvfb": "xvfb", "xdotool": "xdotool"}
RELEASES = ("bookworm", "trixie")
NEXT = "0.1.0+9999999999"
"""The other build."""


def main() -> int:
    """Build unless a folder is named, and use the packages in each release; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.packages", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="where the packages are")
    there: Path | None = parser.parse_args().folder
    if lacking := [deb for name, deb in TOOLS.items() if not shutil.which(name)]:
        print(f"Please install: apt-get install {' '.join(lacking)}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        built = there or built_twice(Path(folder))
        (package,), (archive,) = built.glob("*.deb"), built.glob("*.tar.zst")
        unpacked = unpack(package, archive, Path(folder) / "unpacked")
        for release in RELEASES:
            with bare_system(Path(folder) / release, release) as root:
                system = System(root)
                shutil.copytree(unpacked, root / "opt" / "sendoff", symlinks=True)
                lacks = install_for_user(system)
                use(system, package)
                assert "libGL.so.1" in lacks, lacks
                install_for_user(system, "remove")
            print(f"{release}: installed, used and removed", flush=True)
    return 0


def built_twice(folder: Path) -> Path:
    """Build twice, and compare; returns the folder of the first."""
    for name in ("once", "twice"):
        command = [sys.executable, "resources/packaging/build.py", str(folder / name)]
        subprocess.run(command, cwd=ROOT, check=True)
    names = [each.name for each in (folder / "once").iterdir() if each.is_file()]
    _, different, unread = filecmp.cmpfiles(folder / "once", folder / "twice", names, shallow=False)
    assert not different, different
    assert not unread, unread
    print(f"two builds are equal: {', '.join(sorted(names))}", flush=True)
    return folder / "once"


def unpack(package: Path, archive: Path, folder: Path) -> Path:
    """Unpack both, see that each lists the libraries that it has; returns the archive's folder."""
    for name, command in (
        ("deb", ["dpkg-deb", "--extract", str(package), "deb"]),
        ("archive", ["tar", "--extract", "--one-top-level=archive", "--file", str(archive)]),
    ):
        folder.mkdir(exist_ok=True)
        subprocess.run(command, cwd=folder, check=True)
        (bill,) = (folder / name).rglob("sendoff.cdx.json")
        parts = json.loads(bill.read_text(encoding="utf-8"))["components"]
        noted = [one for each in parts for one in each.get("evidence", {}).get("occurrences", ())]
        libraries = [
            str(each.relative_to(bill.parent))
            for each in (bill.parent / "_internal").rglob("*")
            if each.is_file() and not each.is_symlink() and each.read_bytes()[:4] == b"\x7fELF"
        ]
        assert sorted(one["location"] for one in noted) == sorted(libraries)
        assert not [each for each in parts if "version" not in each], parts
        print(f"{name}: {len(parts)} parts have its {len(libraries)} libraries", flush=True)
    (unpacked,) = (folder / "archive").iterdir()
    return unpacked


def install_for_user(system: System, *arguments: str) -> str:
    """Run the archive's script as the user; returns what it complains of."""
    command = system.user("sh", "/opt/sendoff/install.sh", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


@contextlib.contextmanager
def bare_system(root: Path, release: str) -> Iterator[Path]:
    """Make a minimal Debian, with this machine's package sources for the release."""
    asked = ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"]
    answer = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    mirror = answer.splitlines()[0]
    command = ["debootstrap", "--variant=minbase", release, str(root), mirror]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.copytree("/etc/apt/apt.conf.d", root / "etc/apt/apt.conf.d", dirs_exist_ok=True)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    mounts = [root / name for name in ("proc", "dev", "dev/pts", "dev/shm")]
    for each in mounts:
        subprocess.run(["mount", "--bind", f"/{each.relative_to(root)}", each], check=True)
    try:
        yield root
    finally:
        for each in reversed(mounts):
            subprocess.run(["umount", "--lazy", each], check=True)


class System:
    """A bare system, and an ordinary user of it.

    Args:
        root: its folder
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.as_root("useradd", "--create-home", "office")
        self.home = root / "home" / "office"
        self.data = self.home / ".local" / "share" / "sendoff"

    def as_root(self, *command: str, offline: bool = False) -> str:
        """Run a command as root, with or without a network; returns what it prints."""
        unplugged = ["unshare", "--net"] if offline else []
        done = subprocess.run(
            [
                *unplugged,
                "chroot",
                self.root,
                "/usr/bin/env",
                "DEBIAN_FRONTEND=noninteractive",
                *command,
            ],
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    def user(self, *command: str, **environment: str) -> list[str]:
        """Return the command that runs another as the ordinary user."""
        given = [f"{name}={value}" for name, value in environment.items()]
        clean = ["env", "-i", "HOME=/home/office", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", *given]
        return ["chroot", str(self.root), "runuser", "-u", "office", "--", *clean, *command]

    def sendoff(self, *arguments: str) -> str:
        """Run a shell command of the program; returns what it prints."""
        done = subprocess.run(
            self.user("sendoff", *arguments), check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def read(self, *arguments: str) -> Any:
        """Run a shell command of the program; returns its JSON."""
        return json.loads(self.sendoff(*arguments, "--json"))


def use(system: System, package: Path) -> None:
    """Install the package, do the main job as a user, remove it."""
    shutil.copy(package, system.root / "tmp" / "sendoff.deb")
    before = files_of(system.root)
    system.as_root("apt-get", "update", "-qq")
    install = ("apt-get", "install", "-y", "--no-install-recommends")
    system.as_root(*install, "--download-only", "/tmp/sendoff.deb", "fonts-dejavu-core")
    system.as_root(*install, "/tmp/sendoff.deb", "fonts-dejavu-core", offline=True)
    tasks = system.data / "tasks"
    subprocess.run(system.user("mkdir", "-p", f"/{tasks.relative_to(system.root)}"), check=True)
    (tasks / "mine.py").write_text(OWN_TASKS, encoding="utf-8")
    (tasks / "under_way.py").write_text(OWN, encoding="utf-8")
    with Screen() as screen, window(system, DISPLAY=screen.display, QT_QPA_PLATFORM="xcb") as shown:
        type_item(screen, screen.window("^Sendoff"), "Ada Lovelace", "ada@example.org")
        eventually(lambda: [each["state"] for each in all_tasks(system)] == ["succeeded"])
        use_the_shell(system)
        update(system, package)
        for _ in range(5):
            screen.keys(screen.window("^Sendoff"), "ctrl+q")
            with contextlib.suppress(subprocess.TimeoutExpired):
                assert shown.wait(5) == 0
                break
    on_wayland(system)
    system.as_root("apt-get", "purge", "-y", "sendoff", offline=True)
    system.as_root("apt-get", "autoremove", "-y", "--purge", offline=True)
    left = {each for each in files_of(system.root) - before if "sendoff" in each.lower()}
    assert left, "the data are gone"
    assert all(each.startswith("home/office/.local/share/sendoff") for each in left), left


def all_tasks(system: System) -> list[dict[str, Any]]:
    """Return the tasks of the user's store."""
    found: list[dict[str, Any]] = system.read("tasks")
    return found


@contextlib.contextmanager
def window(system: System, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Open the window as the user, with its backend; it is killed at the end if it is there."""
    process = subprocess.Popen(system.user("sendoff", **environment))
    try:
        eventually((system.data / "backend.json").exists)
        yield process
    finally:
        process.kill()
        process.wait()


def use_the_shell(system: System) -> None:
    """Run the own tasks in a thread and in a process; send a workbook, and read its report."""
    pids = set()
    for name in ("in_thread", "in_process"):
        number = system.sendoff("run", name).split()[1]
        row = eventually(functools.partial(finished, system, number))
        assert row["state"] == "succeeded", row
        pids.add(row["result"])
    assert len(pids) == 2, pids
    write_xlsx(system.home / "members.xlsx")
    batch = system.read("import", "/home/office/members.xlsx")["batch_id"]
    eventually(lambda: [each["state"] for each in system.read("batches")] == ["done"])
    system.sendoff("report", str(batch), "-o", "/home/office/report.xlsx")
    assert (system.home / "report.xlsx").stat().st_size > 1000


def update(system: System, package: Path) -> None:
    """Install another build under the open window, with tasks under way: each runs once."""
    other = system.root / "tmp" / "other"
    subprocess.run(["dpkg-deb", "--raw-extract", package, other], check=True)
    build = other / "usr/lib/sendoff/_internal/desktop/resources/build"
    build.write_text(NEXT, encoding="ascii")
    command = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(other), f"{other}.deb"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    numbers = [
        system.sendoff("run", "note", "--arg", f"n={number}").split()[1] for number in range(TASKS)
    ]
    system.as_root("dpkg", "--install", "/tmp/other.deb", offline=True)
    backend = system.data / "backend.json"
    eventually(lambda: backend.exists() and json.loads(backend.read_text())["build"] == NEXT)
    (system.data / "tasks" / "gate").touch()
    for number in numbers:
        row = eventually(functools.partial(finished, system, number))
        assert row["state"] == "succeeded", row
    noted = (system.data / "tasks" / "noted").read_text().split()
    assert sorted(map(int, noted)) == [*range(TASKS)], noted
    print("another build was installed under the window: each task ran once", flush=True)


def finished(system: System, number: str) -> dict[str, Any] | None:
    """Return a task once it is finished."""
    row: dict[str, Any] = system.read("show", number)
    return row if row["finished_at"] else None


def on_wayland(system: System) -> None:
    """Open the window where there is no X, and see that its backend answers."""
    runtime = system.root / "tmp" / "wayland"
    runtime.mkdir(mode=0o700)
    command = ["weston", "--backend=headless-backend.so", "--socket=wayland-9", "--idle-time=0"]
    environment = {"XDG_RUNTIME_DIR": str(runtime), "PATH": "/usr/bin:/bin"}
    weston = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        eventually((runtime / "wayland-9").exists)
        for each in (runtime, runtime / "wayland-9"):
            shutil.chown(each, 1000, 1000)
        names = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/tmp/wayland"}
        with window(system, QT_QPA_PLATFORM="wayland", **names) as shown:
            count = len(all_tasks(system))
            assert count
            assert shown.poll() is None
    finally:
        weston.terminate()
        weston.wait()


def files_of(root: Path) -> set[str]:
    """Return the paths of a system's files, but those that its package manager keeps for itself."""
    find = ["find", str(root), "-xdev", "-type", "f", "-printf", "%P\\n"]
    paths = subprocess.run(find, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    its_own = ("var/lib/dpkg/", "var/cache/", "var/log/", "var/lib/apt/", "tmp/")
    return {each for each in paths if not each.startswith(its_own)}


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(code)
