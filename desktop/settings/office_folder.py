"""The data folder of the office: e-mails, templates, batches, and the files of windows."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from sendoff_tasks.folder.paths import DataFolder, Within


class OfficeFolder(DataFolder):
    """The places in the data folder of a backend that sends e-mail, or of a window."""

    __slots__ = ()

    # The address of a backend on a server, in a folder that a window has for it. Such a folder only
    # has the window's own files: drafts, its layout and its log.
    address_file = Within("address")
    # A folder with one folder for each server that a window was opened on.
    servers = Within("servers")

    def at_address(self, url: str) -> OfficeFolder:
        """Return the window's folder for a backend at an address."""
        name = re.sub(r"[^\w.-]+", "_", url.partition("://")[2].rstrip("/"))
        return OfficeFolder(self.servers / name)

    # The mail password where there is no keyring, if the person chose so.
    password_file = Within("mail-password.json")
    window_lock = Within("window.lock")  # held by the one window of this folder
    outbox = Within("outbox")  # a folder with the messages of practice mode, one ``.eml`` each
    # A folder with sent messages, one ``.eml`` each; attachments are only named.
    sent = Within("sent")
    # A folder with one folder for each batch: its spreadsheet and attachments.
    batches = Within("batches")
    uploads = Within("uploads")  # a folder with uploads on their way to a database on a server
    # A folder with the person's own templates, which replace built-in ones.
    templates = Within("templates")
    help_page = Within("help.html")  # made when it is opened
    drafts = Within("drafts")  # a folder with input that the backend has not answered yet

    @property
    def of_backend(self) -> tuple[Path, ...]:
        """The folders in which only the backend writes, or the person."""
        return self.outbox, self.sent, self.batches, self.templates, self.uploads

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that it always has."""
        mine = self.outbox, self.sent, self.batches, self.templates, self.drafts
        return (*super().folders, *mine)


def remembered_servers(home: OfficeFolder) -> list[str]:
    """List the addresses of opened servers, the one opened last first."""
    files = sorted(home.servers.glob("*/address"), key=_opened_at, reverse=True)
    return [url for file in files if (url := _address(file))]


def forget_server(home: OfficeFolder, url: str) -> None:
    """Remove a server from the list; its drafts stay until it is opened again."""
    home.at_address(url).address_file.unlink(missing_ok=True)


def _opened_at(file: Path) -> float:
    with contextlib.suppress(OSError):
        return file.stat().st_mtime
    return 0.0


def _address(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
