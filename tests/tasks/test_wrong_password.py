"""Many mails and a wrong password: the server hears of it once for each time the queue goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.contract.items import MAIL_QUEUE, NewItem
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.submission import NewTask, Submission
from desktop.mail.files import FolderFiles
from desktop.mail.mailer import open_mailer
from desktop.settings.paths import DataFolder
from desktop.tasks.mail_tasks import confirmation
from tests import WITHIN
from tests.mail.server import Server, running

MAILS = 50


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def passwords() -> list[str]:
    """What is kept as the password: the last one counts."""
    return ["wrong"]


@pytest.fixture
def engine(tmp_path: Path, server: Server, passwords: list[str]) -> Iterator[Engine]:
    folder = DataFolder(tmp_path)
    folder.create()
    mailer = open_mailer(
        server.settings(user="ada"), FolderFiles(folder.root), lambda: passwords[-1]
    )
    known = Registry()
    known.add(confirmation(item, lambda: mailer))
    engine = Engine(tmp_path / "store.db", known)
    engine.start()
    yield engine
    engine.stop()
    mailer.close()


def item(number: int) -> NewItem:
    return {"recipient": {"email": f"p{number}@example.org"}}


def settle(engine: Engine) -> dict[str, int]:
    """Wait until nothing runs and nothing can begin; gives the counts that are not nought."""
    subscription = engine.journal.subscribe()
    while True:
        counts = {state: n for state, n in engine.stats()["counts"].items() if n}
        if "running" not in counts and ("queued" not in counts or engine.notices()):
            subscription.close()
            return counts
        assert subscription.wait(WITHIN)
        subscription.next_frame()


def test_each_release_costs_one_login_until_the_password_is_right(
    engine: Engine, server: Server, passwords: list[str]
) -> None:
    mails = [NewTask("send_confirmation_email", (number,)) for number in range(1, MAILS + 1)]
    engine.submit(Submission(tasks=mails)).result(WITHIN)
    settle(engine)
    for _ in range(5):
        before = server.commands.count("AUTH")
        engine.release(MAIL_QUEUE).result(WITHIN)
        settle(engine)
        assert server.commands.count("AUTH") == before + 1
    passwords.append("pässword")
    engine.release(MAIL_QUEUE).result(WITHIN)
    assert settle(engine) == {"succeeded": MAILS}
    assert len(server.mails) == MAILS
