"""``python -m tests.versions.keep [FOLDER]`` makes a data folder of this version, to be kept.

``0038`` beside this file was made so, once, by the baseline's program, and is never made again. A
practice backend accepts items, a batch, a draft and a task in each state. What is on disk while one
of them runs is copied: the store as a backup does, packed, the other files as they are.
``postgres.sql`` has the same rows as ``sendoff move`` brings them into PostgreSQL, by ``pg_dump``.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from desktop.backend.composition import running_services
from desktop.backend.services import Services
from desktop.contract.items import CONFIRMATION
from desktop.contract.office import PURPOSE
from desktop.gui.link.drafts import DraftBox, DraftItem, DraftKind
from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.batches.drafting import StartOptions
from desktop.items.batches.rows import CheckedRow, DraftSettings
from desktop.items.feature import domain
from desktop.mail.files import STORED_FILES
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import LONGEST_DAYS, KeepSettings, MailSettings, Settings
from sendoff_tasks.facade.opening import move
from sendoff_tasks.folder.tokens import add_token
from sendoff_tasks.model.problems import Access
from sendoff_tasks.model.states import State
from sendoff_tasks.store.backup import back_up
from sendoff_tasks.store.migrations import BASELINE
from sendoff_tasks.submission import NewTask, TaskOptions
from tests.engine.postgres.server import serving
from tests.looking import eventually
from tests.settings.saved import save

ROOT: Final = Path(__file__).resolve().parents[2]
KEPT: Final = Path(__file__).parent / BASELINE
STORE: Final = "sendoff.db.gz"
DUMP: Final = "postgres.sql"
_FILES: Final = ("settings.toml", "tokens.json", "drafts", "templates", "tasks", "batches")
FAR: Final = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
FORM: Final = {"name": "Grace Höpper", "email": "grace@example.org", "title": "Two seats"}
TEXT: Final = """---
format: markdown
---
{% block subject %}Renewal of {{ title }}{% endblock %}
{% block text %}
Dear {{ name }},

**thank you**.
{% endblock %}
"""


def _tasks(services: Services) -> None:
    """Have a task in each state, and a paused queue."""
    plain = {
        State.SUCCEEDED: "done",
        State.FAILED: "refused",
        State.WAITING: "held",
        State.UNCERTAIN: "unsure",
        State.RUNNING: "wait",
    }
    far = TaskOptions(run_at=FAR)
    for number, (state, name) in enumerate(plain.items(), 1):
        task = _submit(services, number, NewTask(name))
        eventually(partial(_is, services, task, state))
    _submit(services, 6, NewTask("done", options=far))
    services.engine.cancel(_submit(services, 7, NewTask("done", options=far))).result()
    mail = _submit(services, 8, NewTask(CONFIRMATION))
    eventually(partial(_is, services, mail, State.SUCCEEDED))
    services.engine.pause(None).result()
    for number in range(9, 12):
        _submit(services, number, NewTask("done"))


def _is(services: Services, task: int, state: State) -> bool:
    return services.engine.task(task)["state"] == state


def _submit(services: Services, number: int, task: NewTask) -> int:
    body = {
        "title": f"Seat {number}",
        "recipient": {"name": "Ada Lovelace", "email": f"p{number}@example.org"},
    }
    item = NewItemRow(number, body, [task])
    ((made,),) = services.register.submit(ItemSubmission([item])).result().task_ids
    return made


def _batches(services: Services) -> None:
    """Leave a batch whose rows wait, and a draft."""
    for title in ("Members", "Draft"):
        settings = DraftSettings(title, ["name", "email"], [CONFIRMATION])
        batch = services.batches.create(settings).result().batch_id
        rows = []
        for row in range(1, 4):
            person = {"name": f"P{row}", "email": f"{title.lower()}{row}@example.org"}
            item = {"title": title, "recipient": person}
            rows.append(CheckedRow(row, item, f"P{row} <{person['email']}>"))
        services.batches.put_rows(batch, rows, 0).result()
        if title == "Members":
            services.batches.start(batch, StartOptions()).result()


def _drafts(folder: OfficeFolder) -> None:
    box = DraftBox(folder.drafts)
    box.save_form(FORM)
    box.save(DraftItem(None, {"title": "Kept", "recipient": {"email": "k@example.org"}}, FORM))
    box.save_typed(DraftKind.TEMPLATES, {"renewal": {"text": "half typ"}})
    box.save_typed(DraftKind.IMPORTS, {"2": {"row": 1}})


def keep(into: Path) -> None:
    """Make the folder ``into``."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = OfficeFolder(Path(scratch) / "data")
        folder.create()
        shutil.copy(KEPT / "tasks" / "own.py", folder.tasks)
        (folder.tasks / "own.py").chmod(0o600)
        mail = MailSettings(sender="Box office <box@example.org>")
        save(folder.settings_file, Settings(mail, keep=KeepSettings(*[LONGEST_DAYS] * 4)))
        add_token(folder.tokens_file, "board", Access.VIEWER)
        _drafts(folder)
        with running_services(folder, None) as services:
            services.letters.templates.save("renewal", TEXT)
            _tasks(services)
            _batches(services)
            store = back_up(folder.db, datetime.now(UTC))
            for name in _FILES:
                part, kept = folder.root / name, into / name
                kept.parent.mkdir(exist_ok=True)
                _copy(part, kept)
            packed = gzip.compress(_without_places(store.read_bytes()), mtime=0)
            (into / STORE).write_bytes(packed)
        _dump(into)


def _without_places(store: bytes) -> bytes:
    """Replace the folders of this machine in tracebacks by others of the same length."""
    for place in (str(ROOT), sys.base_prefix):
        store = store.replace(place.encode(), b"/opt".ljust(len(place), b"_"))
    return store


def _copy(part: Path, kept: Path) -> None:
    if part.is_dir():
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(part, kept, dirs_exist_ok=True, ignore=ignored)
    else:
        shutil.copy(part, kept)


def unpack(kept: Path, folder: OfficeFolder) -> None:
    """Put a kept folder where a program can open it."""
    shutil.copytree(kept, folder.root, ignore=shutil.ignore_patterns(STORE, DUMP))
    folder.root.chmod(0o700)
    for part in folder.root.rglob("*"):
        part.chmod(0o700 if part.is_dir() else 0o600)
    folder.db.write_bytes(gzip.decompress((kept / STORE).read_bytes()))
    folder.create()


def _dump(into: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch, serving() as server:
        folder, url = OfficeFolder(Path(scratch) / "data"), server.empty()
        unpack(into, folder)
        move(folder, url, PURPOSE, STORED_FILES, domain())
        command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", "-n", "sendoff", url]
        dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        lines = [line for line in dump.splitlines() if line and line[0] not in "-\\"]
        (into / DUMP).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    keep(Path(sys.argv[1]) if len(sys.argv) > 1 else KEPT)
