"""Where a person's data lies, and where the program's own files are."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

DATA_DIR_VARIABLE: Final = "SENDOFF_DATA_DIR"
SERVER_MARK: Final = b"The tasks of this folder are in a database on a server (serve --database).\n"
"""What the file says that keeps a backend from beginning a store of its own in a folder."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The places in one data folder; ``root`` holds them all."""

    root: Path

    @property
    def db(self) -> Path:
        """The SQLite database of items and tasks."""
        return self.root / "sendoff.db"

    @property
    def app_mark(self) -> Path:
        """Is there where the tasks are an app's own."""
        return app_mark(self.db)

    @property
    def server_mark(self) -> Path:
        """Is there where the tasks are in a database on a server, and not in this folder."""
        return self.root / "sendoff.server"

    @property
    def address_file(self) -> Path:
        """Is there, with the address, in a folder that a window has for a backend elsewhere.

        Only what is the window's own is kept there: drafts, what it looks like, and its log.
        """
        return self.root / "address"

    @property
    def servers(self) -> Path:
        """A folder: one of each backend elsewhere that a window was opened on."""
        return self.root / "servers"

    def at_address(self, url: str) -> DataFolder:
        """Name the folder that a window has for a backend at an address."""
        name = re.sub(r"[^\w.-]+", "_", url.partition("://")[2].rstrip("/"))
        return DataFolder(self.servers / name)

    @property
    def waits_for_backend(self) -> bool:
        """Whether its backend is started elsewhere: with an app, or for a database on a server."""
        return self.app_mark.exists() or self.server_mark.exists()

    @property
    def backend_file(self) -> Path:
        """Address and token of the running backend."""
        return self.root / "backend.json"

    @property
    def tokens_file(self) -> Path:
        """The tokens that have a name, as hashes."""
        return self.root / "tokens.json"

    @property
    def settings_file(self) -> Path:
        """What the person chose; no secrets."""
        return self.root / "settings.toml"

    @property
    def backend_lock(self) -> Path:
        """Held by the one backend of this folder."""
        return self.root / "backend.lock"

    @property
    def owner_socket(self) -> Path:
        """Where the process that owns an app's folder takes tasks from its other processes."""
        return self.root / "owner.sock"

    @property
    def owner_file(self) -> Path:
        """Says where it takes them, on systems and in folders that can have no such socket."""
        return self.root / "owner.json"

    @property
    def window_lock(self) -> Path:
        """Held by the one window of this folder."""
        return self.root / "window.lock"

    @property
    def outbox(self) -> Path:
        """A folder: messages of practice mode, one ``.eml`` each."""
        return self.root / "outbox"

    @property
    def sent(self) -> Path:
        """A folder: messages handed to a server, one ``.eml`` each; attachments are only named."""
        return self.root / "sent"

    @property
    def batches(self) -> Path:
        """A folder: one of each batch, with its spreadsheet and the files its rows name."""
        return self.root / "batches"

    @property
    def uploads(self) -> Path:
        """A folder: files on their way to a database on a server."""
        return self.root / "uploads"

    @property
    def tasks(self) -> Path:
        """A folder: the person's own task files."""
        return self.root / "tasks"

    @property
    def import_deaths(self) -> Path:
        """Which of them have taken the program with them while they were imported."""
        return self.root / "import_deaths.json"

    @property
    def templates(self) -> Path:
        """A folder: the person's own templates, which go before the built-in ones."""
        return self.root / "templates"

    @property
    def drafts(self) -> Path:
        """A folder: what was typed and is not answered yet."""
        return self.root / "drafts"

    @property
    def logs(self) -> Path:
        """A folder: the program's log files."""
        return self.root / "logs"

    def create(self) -> None:
        """Make the folder and the folders in it where they are missing; only their owner may enter.

        Raises:
            OSError: when the place cannot be written.
        """
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)
        for folder in (
            self.outbox, self.sent, self.batches, self.tasks, self.templates, self.drafts, self.logs
        ):  # fmt: skip
            folder.mkdir(mode=0o700, exist_ok=True)


def app_mark(database: Path) -> Path:
    """Name the file beside a database that is there where its tasks are an app's own.

    Only that app knows their functions, so no backend of ours may run them.
    """
    return database.with_name(f"{database.name}.app")


def data_dir(option: str | None) -> Path:
    """Find the data folder: the option, else the environment, else the platform's own place."""
    chosen = option or os.environ.get(DATA_DIR_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs  # 10 ms that most starts of a backend can save

    return platformdirs.user_data_path("sendoff", appauthor=False)


@cache
def resources() -> Path:
    """Find icons and templates: in the package of a wheel or a frozen program, else beside it."""
    package = Path(__file__).resolve().parents[1]
    packed = package / "resources"
    return packed if packed.is_dir() else package.parent / "resources"
