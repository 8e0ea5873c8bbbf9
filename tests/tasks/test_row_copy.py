"""The copy of a row's message goes to the sender, as the row's recipient would read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.engine.attempts.attempt import run
from desktop.engine.attempts.claim import Claim
from desktop.engine.attempts.control import Control
from desktop.engine.attempts.outcomes import Failed, Succeeded
from desktop.engine.errors import UnknownId
from desktop.engine.functions import arguments
from desktop.engine.functions.registry import Registry
from desktop.mail.files import FolderFiles
from desktop.mail.mailer import open_mailer
from desktop.settings.paths import DataFolder
from desktop.settings.preferences.mail import MailSettings
from desktop.tasks.mail_tasks import row_copy
from tests.tasks.test_mail_tasks import Book

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.contract.items import NewItem
    from desktop.engine.attempts.outcomes import Outcome


def read_row(batch_id: int, row: int) -> tuple[NewItem, int]:
    if (batch_id, row) != (3, 17):
        raise UnknownId("row", row)
    return {"title": "Opera", "recipient": {"name": "Ada L", "email": "ada@example.org"}}, 42


def sent(folder: DataFolder, batch_id: int, row: int) -> Outcome:
    mailer = open_mailer(MailSettings(sender="Desk <desk@example.org>"), FolderFiles(folder.root))
    claim = Claim(
        task_id=1,
        attempt=1,
        max_attempts=8,
        spec=Registry().add(row_copy(read_row, lambda: mailer)),
        arguments=arguments.encode([batch_id, row], {}),
        reference="<0123.4567@example.org>",
    )
    return run(claim, Book(), Control())


def test_it_goes_to_the_sender_and_speaks_to_the_recipient(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.create()
    assert isinstance(sent(folder, 3, 17), Succeeded)
    (mail,) = folder.outbox.iterdir()
    text = mail.read_text()
    assert 'To: "Desk" <desk@example.org>' in text
    assert "Message-ID: <0123.4567@example.org>" in text
    assert "Ada" in text
    assert "ada@example.org" not in text.partition("\n\n")[0]


def test_a_row_that_has_gone_fails_at_once(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.create()
    outcome = sent(folder, 3, 18)
    assert isinstance(outcome, Failed)
    assert "There is no row 18." in str(outcome)
    assert list(folder.outbox.iterdir()) == []
