#!/usr/bin/env python3
"""The double-click launcher: it installs what Sendoff needs, once, then runs Sendoff.

``python3 launch.py`` opens the window, ``python3 launch.py test`` runs every check, and any other
arguments are Sendoff's own (``python3 launch.py submit --to ada@example.org``). The launcher needs
only Python and prints nothing on stdout. A later start reads one stamp, a few milliseconds. Python
3.6 can read this file, and so say that it is too old.
"""

import os
import sys

ROOT = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(ROOT, ".venv")
# The folders that the environment's interpreter searches beside its own packages.
OURS = (ROOT, os.path.join(ROOT, "desktop", "library"))
RUNNING, TESTING = "requirements.lock", "requirements-dev.lock"  # the second holds the first
PIP = "requirements-pip.lock"
OLDEST = (3, 11)

# The file name of each library that Qt loads → the Debian package that contains it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# The programs of the tests → their Debian packages: a display without a monitor, a tool that types
# on it, a database server, and what PyInstaller reads libraries with.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "postgres": "postgresql",
    "objdump": "binutils",
}
# What pip and apt-get say if they reach nothing.
OFFLINE = ("NewConnectionError", "NameResolutionError", "Temporary failure", "Could not connect to")
PREPARING = "Preparing Sendoff; this happens once and takes a minute …"
# Run by the Python that runs this file: a small window that closes when its stdin ends.
SMALL_WINDOW = """
import os, sys, threading, tkinter
from tkinter import ttk
def wait():
    sys.stdin.read()
    os._exit(0)
root = tkinter.Tk(className="sendoff")
root.title("Sendoff")
root.resizable(False, False)
ttk.Label(root, text=sys.argv[1]).pack(padx=32, pady=(24, 12))
bar = ttk.Progressbar(root, mode="indeterminate", length=320)
bar.pack(padx=32, pady=(0, 28))
bar.start(12)
root.eval("tk::PlaceWindow . center")
threading.Thread(target=wait, daemon=True).start()
root.mainloop()
"""


class Missing(Exception):
    """A person has to do something first; the text is a sentence that says what."""


def main(arguments: "list[str]") -> int:
    """Install what is missing, then run Sendoff with these arguments; on POSIX, replace this."""
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        return _say(f"Sendoff needs Python {wanted} or newer; this is {sys.version.split()[0]}.")
    testing = arguments[:1] == ["test"]
    try:
        python = environment(testing, not arguments, TEST_PROGRAMS if testing else {})
    except Missing as error:
        return _say(str(error))
    except PermissionError:
        return _say(
            f"Sendoff cannot write into its folder {ROOT}. Copy the folder to a place of your own, "
            "such as your home folder, and start it there."
        )
    except OSError as error:
        return _say(f"Sendoff could not be prepared in {VENV}: {error}.")
    # -P: run this folder's Sendoff, even if the working directory holds another one.
    program = ["-P", "-m", *(["tests", *arguments[1:]] if testing else ["desktop", *arguments])]
    if os.name == "posix":
        os.execv(python, [python, *program])
    import subprocess

    return subprocess.call([python, *program])


def environment(testing: bool, shown: bool, programs: "dict[str, str]") -> str:
    """Install what is missing, shown on the screen or not; returns the environment's Python.

    ``programs`` are needed beside it, each with its Debian package.

    Raises:
        Missing: it cannot be installed from here; the text says what a person must do.
        OSError: the folder cannot be written.
    """
    lock = os.path.join(ROOT, TESTING if testing else RUNNING)
    if not _stamped(lock) or _lacking(programs):
        with _small_window(_small_window_command() if shown else None):
            _prepare(lock, testing, programs)
    return _venv_python()


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _venv_python() -> str:
    if os.name == "posix":
        return os.path.join(VENV, "bin", "python")
    windowed = os.path.basename(sys.executable).lower() == "pythonw.exe"
    return os.path.join(VENV, "Scripts", "pythonw.exe" if windowed else "python.exe")


def _stamp_file(lock: str) -> str:
    return os.path.join(VENV, f"{os.path.basename(lock)}.stamp")


def _stamp(lock: str) -> str:
    """Describe what an environment is made from: interpreter, folders, locked versions."""
    import zlib

    with open(lock, "rb") as file:
        places = os.fsencode(" ".join((sys.base_prefix, *OURS)))  # the same in any locale
        return f"{sys.version_info[:2]} {places} {zlib.crc32(file.read()):08x}\n"


def _stamped(lock: str) -> bool:
    for enough in dict.fromkeys((lock, os.path.join(ROOT, TESTING))):
        try:
            with open(_stamp_file(enough), encoding="utf-8") as file:
                if file.read() == _stamp(enough):
                    return True
        except FileNotFoundError:
            continue
    return False


def _prepare(lock: str, testing: bool, programs: "dict[str, str]") -> None:
    """Install what is missing; write the stamp last, so that the next start repairs this one."""
    import contextlib

    with _only_one() if os.name == "posix" else contextlib.nullcontext():
        stamped = _stamped(lock)  # another start may have installed it while this one waited
        if stamped and not _lacking(programs):
            return
        print(PREPARING, file=sys.stderr)
        _system_packages(testing, programs)
        if stamped:
            return
        _environment(lock)
        with open(_stamp_file(lock), "w", encoding="utf-8") as file:
            file.write(_stamp(lock))


def _small_window_command() -> "list[str] | None":
    """Return the command that shows on the screen what happens; ``None`` if nothing here can."""
    import importlib.util
    import shutil

    on_screen = "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    if sys.platform.startswith("linux") and not on_screen:
        return None
    if importlib.util.find_spec("_tkinter") is not None:
        return [sys.executable, "-c", SMALL_WINDOW, PREPARING]
    zenity = shutil.which("zenity")
    if zenity:
        title = ("--title", "Sendoff", "--text", PREPARING)
        return [zenity, "--progress", "--pulsate", "--auto-close", "--no-cancel", *title]
    return None


def _small_window(command: "list[str] | None"):  # type: ignore[no-untyped-def]
    """Show what happens, until the end of the ``with`` block: a first start takes a minute."""
    import contextlib
    import subprocess

    @contextlib.contextmanager
    def shown():  # type: ignore[no-untyped-def]
        quiet = subprocess.DEVNULL
        window = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, text=True
        )
        try:
            yield
        finally:
            window.terminate()
            window.communicate()

    return shown() if command else contextlib.nullcontext()


def _only_one():  # type: ignore[no-untyped-def]  # typing costs start-up time here
    """Make a second start wait until the first one has installed everything."""
    import contextlib
    import fcntl

    @contextlib.contextmanager
    def held():  # type: ignore[no-untyped-def]
        with open(f"{VENV}.lock", "w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    return held()


def _system_packages(testing: bool, programs: "dict[str, str]") -> None:
    """Install what only the system can provide: venv's pip, Qt's libraries, a font, programs.

    Raises:
        Missing: it cannot be installed from here; the text says what a person must install.
    """
    import importlib.util
    import subprocess
    import sysconfig

    wanted = []
    if importlib.util.find_spec("ensurepip") is None:
        wanted.append(f"python3.{sys.version_info.minor}-venv")
    if sys.platform.startswith("linux"):
        wanted += [package for name, package in QT_LIBRARIES.items() if not _loads(name)]
        if not _has_font():
            wanted.append("fonts-dejavu-core")
        wanted += _lacking(programs)
        if testing:
            # The frozen program needs it; Debian's own Python does not.
            library = sysconfig.get_config_var("INSTSONAME")
            if sysconfig.get_config_var("Py_ENABLE_SHARED") and not _loads(library):
                wanted.append(f"libpython3.{sys.version_info.minor}")
    if not wanted:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
    if not os.path.exists("/etc/debian_version"):
        raise Missing(f"Sendoff needs what Debian calls {' '.join(wanted)}: please install these.")
    if os.geteuid() != 0:
        raise Missing(f"Please install what is missing, then start again: sudo {' '.join(install)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(_not_fetched(done.stderr, f"This did not work: {' '.join(command)}"))


def _loads(library: str) -> bool:
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _lacking(programs: "dict[str, str]") -> "list[str]":
    """Return the Debian packages of those programs that are not here; elsewhere none is needed."""
    is_linux = sys.platform.startswith("linux")
    return [deb for name, deb in programs.items() if is_linux and not _finds(name)]


def _finds(program: str) -> bool:
    """Tell whether a program is installed; Debian's PostgreSQL programs are not on the PATH."""
    import glob
    import shutil

    return bool(shutil.which(program) or glob.glob(f"/usr/lib/postgresql/*/bin/{program}"))


def _has_font() -> bool:
    import glob

    return any(
        glob.glob(os.path.join(os.path.expanduser(folder), "**", "*.[ot]t[fc]"), recursive=True)
        for folder in FONT_FOLDERS
    )


def _environment(lock: str) -> None:
    """Make the virtual environment and install exactly the locked versions, checked by hash.

    Raises:
        Missing: pip failed; the text quotes its last line.
    """
    import subprocess
    import sysconfig
    import venv

    for name in (RUNNING, TESTING):
        if os.path.exists(_stamp_file(name)):
            os.remove(_stamp_file(name))
    if not _works(_venv_python()):
        venv.EnvBuilder(with_pip=True, clear=True).create(VENV)
    python = _venv_python()
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    # Python compiles what is imported, once; pip would compile all, a third of its time.
    pip += ["install", "--no-compile", "--no-deps", "--require-hashes", "-r"]
    # A pip of today finds its files among all that an index has twice as fast as Python's own.
    for each in (os.path.join(ROOT, PIP), lock):
        done = subprocess.run([*pip, each], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(_not_fetched(done.stderr, "Sendoff's packages could not be installed"))
    names = {"base": VENV, "platbase": VENV}
    packages = sysconfig.get_path("purelib", "venv", names)
    # From there, and so ASCII: Python reads it in the locale's encoding, which may lack a letter.
    folders = [os.path.relpath(each, packages) for each in OURS]
    with open(os.path.join(packages, "sendoff.pth"), "w", encoding="ascii") as file:
        file.write("\n".join(folders) + "\n")


def _not_fetched(said: str, what: str) -> str:
    """Say why packages did not come: no connection, or the last line of what fetched them."""
    if any(mark in said for mark in OFFLINE):
        return (
            "Sendoff's packages could not be fetched: there is no connection to the internet. "
            "Connect this computer, and start Sendoff again."
        )
    last = (said.strip().splitlines() or ["it said nothing"])[-1]
    return f"{what} ({last}). Start again to retry."


def _works(python: str) -> bool:
    """Tell whether the environment has this Python's version, and all files of its pip.

    A start that was ended while pip replaced itself leaves a part of it.
    """
    import subprocess

    # Not by metadata.files: from Python 3.12 on it leaves out what is missing.
    check = (
        "import csv, sys; from importlib.metadata import distribution; pip = distribution('pip');"
        "its = [line[0] for line in csv.reader((pip.read_text('RECORD') or '').splitlines())];"
        "sys.exit(not its or not all(pip.locate_file(each).exists() for each in its)"
        f" or sys.version_info[:2] != {sys.version_info[:2]})"
    )
    try:
        return subprocess.call([python, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
