"""Whether the desktop opens Sendoff when this computer starts: its entry, of each system's kind."""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from desktop.child_process import program
from sendoff_tasks.folder.safe_files import write_atomic

COMMAND: Final = "at-login"
"""The command that opens the window hidden."""
RUN_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
NAME: Final = "Sendoff"
LABEL: Final = "org.sendoff.desktop"
ENTRY: Final = """\
[Desktop Entry]
Type=Application
Name=Sendoff
Icon=sendoff
TryExec={program}
Exec={command}
"""


def is_on(data: Path) -> bool:
    """Tell whether this installation is opened with this data folder; raises ``OSError``."""
    if sys.platform == "win32":
        return _registered() == subprocess.list2cmdline(_command(data))
    with suppress(FileNotFoundError):
        return _place().read_bytes() == _content(data)
    return False


def switch(data: Path, *, on: bool) -> None:
    """Have it opened with this data folder from now on, or no longer; raises ``OSError``."""
    if sys.platform == "win32":
        _register(subprocess.list2cmdline(_command(data)) if on else None)
    elif on:
        _place().parent.mkdir(parents=True, exist_ok=True)
        write_atomic(_place(), _content(data))
    else:
        _place().unlink(missing_ok=True)


def _command(data: Path) -> list[str]:
    """Return what opens it: the script of the package, which goes with it, if there is one."""
    script = Path(sys.executable).with_name("sendoff.exe" if os.name == "nt" else "sendoff")
    is_script = not hasattr(sys, "frozen") and script.exists()
    return [*([str(script)] if is_script else program()), COMMAND, "--data-dir", str(data)]


def _place() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "autostart" / "sendoff.desktop"


def _content(data: Path) -> bytes:
    command = _command(data)
    if sys.platform == "darwin":
        return plistlib.dumps({"Label": LABEL, "ProgramArguments": command, "RunAtLoad": True})
    whole = " ".join(map(_quoted, command))
    return ENTRY.format(program=_escaped(command[0]), command=_escaped(whole)).encode()


def _quoted(argument: str) -> str:
    """Quote an argument as ``Exec`` of a desktop entry wants it."""
    inner = re.sub(r'(["`$\\])', r"\\\1", argument).replace("%", "%%")
    return f'"{inner}"'


def _escaped(text: str) -> str:
    """Escape a value of a desktop entry."""
    return text.replace("\\", "\\\\").replace("\n", "\\n")


if sys.platform == "win32":
    import winreg

    def _registered() -> str | None:
        with suppress(FileNotFoundError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
            return str(winreg.QueryValueEx(key, NAME)[0])
        return None

    def _register(command: str | None) -> None:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
            if command is not None:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, command)
            else:
                with suppress(FileNotFoundError):
                    winreg.DeleteValue(key, NAME)
