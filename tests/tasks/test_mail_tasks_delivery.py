"""Messages with large attachments wait for each other, and lose no time of theirs by it."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest

from desktop.engine.attempts.outcomes import Later, Succeeded
from desktop.mail.files import BatchFiles, FolderFiles
from desktop.mail.mailer import BytesInFlight, open_mailer
from desktop.settings import trusted_files
from desktop.settings.paths import DataFolder
from desktop.settings.preferences.mail import MailSettings
from tests.looking import eventually
from tests.tasks.test_mail_tasks import ITEM, Desk

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.contract.items import NewItem


def test_a_wait_for_room_is_no_part_of_the_attempts_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, size = DataFolder(tmp_path), 2**20
    folder.create()
    mailer = open_mailer(MailSettings(), FolderFiles(folder.root))
    monkeypatch.setattr(mailer, "_room", BytesInFlight(size))
    BatchFiles(FolderFiles(folder.batches)).place_for(3, "plan.pdf").write_bytes(bytes(size))
    large: dict[str, Any] = {"batch_id": 3, "attachments": ["plan.pdf"]}
    desk = Desk(lambda: mailer)
    with ThreadPoolExecutor(1) as pool:
        item = cast("NewItem", ITEM | large)
        with mailer.room_for(item, mailer.template_of(item), lambda: None):
            sending = pool.submit(desk.run, **large)
            eventually(lambda: desk.control.turn == math.inf)
            assert not any(folder.outbox.iterdir())
        assert isinstance(sending.result(), Succeeded)
    assert math.isfinite(desk.control.turn)


def test_files_that_are_away_for_a_moment_are_no_fault_of_the_message(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="psycopg (the extra `server`) is not installed")
    from desktop.engine.postgres.file_store import FileStore
    from desktop.engine.postgres.files import DatabaseFiles

    away = DatabaseFiles(FileStore("postgresql://127.0.0.1:1/none"), tmp_path)
    outcome = Desk(lambda: open_mailer(MailSettings(), away)).run()
    assert isinstance(outcome, Later)
    assert (
        outcome.error
        == "The database server cannot be reached: nothing new is accepted until it is back."
    )


@pytest.mark.parametrize(("attempt", "after"), [(1, 1.0), (10, 1.0), (12, 4.0), (90, 60.0)])
def test_a_file_that_is_being_written_uses_up_no_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attempt: int, after: float
) -> None:
    monkeypatch.setattr(trusted_files, "QUIET", 1.0)
    folder = DataFolder(tmp_path)
    folder.create()
    (folder.templates / "fees.jinja").write_text("{% block subject %}Fees{% endb")
    mailer = open_mailer(MailSettings(), FolderFiles(folder.root))
    outcome = Desk(lambda: mailer, attempt=attempt).run(template="fees")
    assert isinstance(outcome, Later)
    assert (outcome.after, outcome.counts) == (after, False)
    assert outcome.error == "“fees.jinja” is being written. The message waits until that ends."
    assert not any(folder.outbox.iterdir())
