"""The mail tasks: what is sent, what a failure means, and what holds the queue."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from unittest.mock import ANY, Mock

import pytest

from desktop.contract.items import MAIL_QUEUE, NewItem
from desktop.contract.office import OfficeCure
from desktop.mail.errors import MailHeld, MailLater
from desktop.mail.files import BatchFiles, FolderFiles
from desktop.mail.mailer import LARGE, LARGE_AT_ONCE, Mailer, open_mailer
from desktop.mail.smtp.smtp import SmtpTransport
from desktop.mail.templates.store import built_in_templates
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import MailSettings
from desktop.tasks.mail_tasks import RETRIES, confirmation, row_copy
from sendoff_tasks.attempts.attempt import run
from sendoff_tasks.attempts.claim import Claim
from sendoff_tasks.attempts.control import CancelReason, Control
from sendoff_tasks.attempts.outcomes import (
    Cancelled,
    Deferred,
    Failed,
    Held,
    Later,
    LeftUncertain,
    Outcome,
    Succeeded,
)
from sendoff_tasks.errors import TaskCancelled, UnknownId
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.folder import safe_files
from sendoff_tasks.functions import arguments
from sendoff_tasks.functions.backoff import exponential
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.looking import eventually
from tests.mail.server import Fault, Server, running

QUOTA = "450 4.7.1 too many messages"
ITEM: NewItem = {
    "title": "Two seats",
    "recipient": {"name": "Ada", "email": "ada@example.org"},
    "fields": {"Row": 7},
}


@dataclass
class Book:
    """What an attempt wrote, in its order; the point of no return can be refused."""

    written: list[str] = field(default_factory=list)
    refuse: BaseException | None = None

    def progress(self, _: Claim, done: float, total: float | None, text: str) -> None:
        self.written.append(f"{done:g}/{total:g} {text}")

    def log(self, _: Claim, level: str, text: str) -> None:
        assert level == "info"
        self.written.append(text.partition(" (")[0])

    def point_of_no_return(self, _: Claim, what: str, to: str) -> Future[None]:
        self.written += ["point of no return", what, to]
        future: Future[None] = Future()
        if self.refuse:
            future.set_exception(self.refuse)
        else:
            future.set_result(None)
        return future

    def step(self, _: Claim, name: str, result: str) -> Future[None]:
        raise AssertionError((name, result))


@dataclass
class Desk:
    """The real task, run as a lane runs it."""

    mail: Callable[[], Mailer]
    book: Book = field(default_factory=Book)
    control: Control = field(default_factory=Control)
    addressee: str | None = None
    attempt: int = 1

    def run(
        self,
        reference: str | None = "<0123.4567@example.org>",
        *,
        asked_again: bool = False,
        **item: Any,
    ) -> Outcome:
        found = cast("NewItem", {**ITEM, **item})
        task = confirmation({42: found}.__getitem__, self.mail)
        claim = Claim(
            task_id=1,
            attempt=self.attempt,
            max_attempts=8,
            spec=Registry().add(task),
            arguments=arguments.encode([42], {}),
            given={"item_id": 42, "addressee": json.loads(self.addressee or "null")},
            reference=reference,
            asked_again=asked_again,
        )
        return run(claim, self.book, self.control)


@pytest.fixture
def folder(tmp_path: Path) -> OfficeFolder:
    made = OfficeFolder(tmp_path)
    made.create()
    return made


@pytest.fixture
def practice(folder: OfficeFolder) -> Desk:
    mailer = open_mailer(MailSettings(), FolderFiles(folder.root))
    return Desk(lambda: mailer)


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def real(server: Server, folder: OfficeFolder) -> Iterator[Desk]:
    mailer = open_mailer(server.settings(user="ada"), FolderFiles(folder.root), lambda: "pässword")
    yield Desk(lambda: mailer)
    mailer.close()


def sent_before() -> str:
    return ENGLISH.say("sending", "sent_before")


def test_an_email_is_tried_eight_times_within_two_hours() -> None:
    assert RETRIES.attempts == 8
    assert isinstance(RETRIES.backoff, exponential)
    assert 3600 < sum(map(RETRIES.backoff.ceiling, range(1, 8))) <= 2 * 3600


def test_practice_keeps_the_mail_and_has_no_point_of_no_return(
    practice: Desk, folder: OfficeFolder
) -> None:
    outcome = practice.run()
    assert isinstance(outcome, Succeeded)
    assert json.loads(outcome.result) == "Kept in the outbox; practice mode sends nothing."
    assert [file.name for file in folder.outbox.iterdir()] == ["0123.4567@example.org.eml"]
    assert practice.book.written == ["kept in the outbox as 0123.4567@example.org.eml"]


@pytest.mark.parametrize(
    ("addressee", "greeted", "to"),
    [
        ({"email": "me@example.org", "name": "Office", "to_me": True}, "Ada", '"Office"'),
        ({"email": "cy@example.org", "copy": True}, "Ada", "cy@example.org"),
        ({"email": "cy@example.org", "name": "Cy", "copy": True}, "Cy", '"Cy"'),
    ],
)
def test_a_copy_greets_whom_the_message_greets(
    real: Desk, server: Server, addressee: dict[str, Any], greeted: str, to: str
) -> None:
    """A copy to the sender began with *Dear,* and no name."""
    real.addressee = json.dumps(addressee)
    assert isinstance(real.run(), Succeeded)
    (sent,) = server.mails
    assert sent.rcpt_tos == [addressee["email"]]
    content = (sent.original_content or b"").decode()
    assert "ada@example.org" not in content
    assert (f"{greeted}," in content, f"To: {to}" in content) == (True, True)


def test_a_mail_is_sent_in_the_order_that_keeps_it_single(real: Desk, server: Server) -> None:
    outcome = real.run()
    assert isinstance(outcome, Succeeded)
    content = server.mails[0].original_content or b""
    size = len(content)
    assert real.book.written == [
        f"connected to localhost:{server.port}, not encrypted",
        "signed in as ada",
        "point of no return",
        f"The e-mail “Two seats: confirmed (no. 42)”, {size:,} bytes, for Ada <ada@example.org>",
        "localhost",
        "1/1 handed over",
        "e-mail handed over",
        "250 2.0.0 queued as 4711",
    ]
    assert b"Message-ID: <0123.4567@example.org>\r\n" in content


@pytest.mark.parametrize(
    ("step", "fault", "fate", "more"),
    [
        ("RCPT", "451 4.7.1 try again later", Later, {}),
        ("RCPT", "550 5.1.1 no such user", Failed, {"final": True}),
        ("RCPT", Fault.DROP, Later, {}),
        ("greeting", Fault.DROP, Deferred, {"why": Reason.OFFLINE, "action": "mail_settings"}),
        (
            "MAIL",
            f"{QUOTA}. Try again in 92 seconds.",
            Deferred,
            {"why": Reason.QUOTA, "after": pytest.approx(92)},
        ),
        ("dot", "550 5.4.5 daily limit", Deferred, {"why": Reason.QUOTA}),
        ("AUTH", "535 5.7.8 wrong", Held, {"whole_queue": True, "action": "mail_settings"}),
        (
            "AUTH",
            "535 5.7.139 basic authentication is disabled",
            Held,
            {"whole_queue": True, "action": "sign_in"},
        ),
        ("MAIL", "550 5.1.8 no such sender", Held, {"whole_queue": True}),
        ("RCPT", "550 5.1.8 no such sender", Held, {"whole_queue": True}),
        ("MAIL", "552 5.3.4 message too big", Failed, {"final": True}),
        ("dot", "452 4.2.2 mailbox full", Later, {}),
        ("dot", "554 5.7.1 spam", Failed, {"final": True}),
        ("dot", Fault.DROP, LeftUncertain, {}),
    ],
)
def test_each_fault_has_its_fate_in_the_servers_words(
    real: Desk,
    server: Server,
    step: str,
    fault: str | Fault,
    fate: type[Outcome],
    more: dict[str, object],
) -> None:
    server.faults[step] = fault
    outcome = real.run()
    assert isinstance(outcome, fate)
    told: Any = outcome
    assert isinstance(fault, Fault) or fault in told.error
    assert {name: getattr(told, name) for name in more} == more
    if isinstance(outcome, Deferred):
        assert outcome.answer.server == "localhost"


@pytest.mark.parametrize(
    ("step", "answer", "enhanced", "cure"),
    [
        ("RCPT", "550 5.1.1 no such user", "5.1.1", OfficeCure.CORRECT_ADDRESS),
        ("RCPT", "550 no such user", None, OfficeCure.CORRECT_ADDRESS),
        ("dot", "550 5.1.1 no such user", "5.1.1", OfficeCure.CORRECT_ADDRESS),
        ("RCPT", "550 5.7.1 not today", "5.7.1", None),
        ("dot", "554 spam", None, None),
    ],
)
def test_a_refusal_tells_its_codes_and_whether_another_address_helps(
    real: Desk, server: Server, step: str, answer: str, enhanced: str | None, cure: Cure | None
) -> None:
    server.faults[step] = answer
    outcome = real.run()
    assert isinstance(outcome, Failed)
    assert outcome.answer == ("localhost", int(answer[:3]), enhanced, answer)
    assert outcome.fault.cure is cure


def unreadable() -> Mailer:
    raise MailHeld("settings.toml, line 3: no TOML.")


def test_settings_that_cannot_be_read_hold_the_queue_and_still_name_the_mail() -> None:
    outcome = Desk(unreadable).run()
    assert isinstance(outcome, Held)
    assert (outcome.error, outcome.whole_queue) == ("settings.toml, line 3: no TOML.", True)
    reference = Registry().add(confirmation(lambda _: ITEM, unreadable)).reference
    assert reference is not None
    assert reference().endswith("@localhost>")


def test_a_template_that_does_not_render_holds_this_task_alone(
    practice: Desk, folder: OfficeFolder
) -> None:
    source = "{% block subject %}{{ fields.Seat }}{% endblock %}"
    source += "{% block text %}{% endblock %}{% block html %}{% endblock %}"
    (folder.templates / "seat.jinja").write_text(source)
    outcome = practice.run(template="seat")
    assert isinstance(outcome, Held)
    assert not outcome.whole_queue
    assert outcome.error == "The template “seat” needs “Seat”, which is missing."


def test_a_cancelled_task_sends_nothing(real: Desk, server: Server) -> None:
    real.control.cancel(CancelReason.PERSON)
    assert isinstance(real.run(), Cancelled)
    assert not server.connections


def test_what_the_sent_messages_have_already_is_left_to_a_person(
    real: Desk, server: Server
) -> None:
    """An older store was put back, which does not know that it was sent."""
    real.run()
    assert real.run() == LeftUncertain(sent_before(), ANY, answer=ANY, raised=ANY)
    assert len(server.mails) == 1
    real.run(asked_again=True)  # by a person's word
    assert len(server.mails) == 2


def test_sent_messages_that_cannot_be_read_have_the_message_wait(
    real: Desk, server: Server, folder: OfficeFolder
) -> None:
    file = folder.sent / "0123.4567@example.org.eml"
    file.symlink_to(file)
    outcome = real.run()
    assert isinstance(outcome, Later)
    assert (outcome.after, outcome.counts) == (60, False)
    assert outcome.error.startswith(f"{folder.sent} cannot be read: ")
    assert not server.connections
    file.unlink()
    assert isinstance(real.run(), Succeeded)


def test_a_task_that_was_refused_is_sent_again_by_itself(real: Desk, server: Server) -> None:
    server.faults["dot"] = "451 4.3.0 try again later"
    assert isinstance(real.run(), Later)
    server.faults.clear()
    assert isinstance(real.run(), Succeeded)
    assert real.run() == LeftUncertain(sent_before(), ANY, answer=ANY, raised=ANY)


def test_a_message_waits_as_long_as_greylisting_is_known_to_last(
    real: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = MailLater("later")
    known.after = 32.0
    monkeypatch.setattr(SmtpTransport, "send", Mock(side_effect=known))
    outcome = real.run()
    assert isinstance(outcome, Later)
    assert outcome.after == 32.0


def test_what_the_server_refused_is_not_said_to_be_handed_over(real: Desk, server: Server) -> None:
    server.faults["dot"] = "451 4.3.0 try again later"
    real.run()
    progress = [line for line in real.book.written if line[1:3] == "/1"]
    assert progress == ["1/1 handed over", "0/1 not sent"]


def test_what_cannot_be_kept_uses_up_no_attempt(
    real: Desk, server: Server, folder: OfficeFolder
) -> None:
    folder.sent.rmdir()
    folder.sent.write_text("no folder")
    outcome = real.run()
    assert isinstance(outcome, Later)
    assert not outcome.counts
    assert outcome.after == 60
    assert outcome.error.startswith(f"The e-mail cannot be kept in {folder.sent}: Not a dir")
    assert outcome.error.endswith(". It is sent as soon as this folder can be written.")
    assert not server.mails
    folder.sent.unlink()
    folder.sent.mkdir()
    assert isinstance(real.run(), Succeeded)


def test_a_refusal_leaves_a_message_that_may_have_left_before(real: Desk, server: Server) -> None:
    server.faults["dot"] = Fault.DROP
    assert isinstance(real.run(), LeftUncertain)
    server.faults["dot"] = "451 4.3.0 try again later"
    assert isinstance(real.run(asked_again=True), Later)
    server.faults.clear()
    assert real.run() == LeftUncertain(sent_before(), ANY, answer=ANY, raised=ANY)


def test_a_task_cancelled_at_the_point_of_no_return_sends_nothing(
    real: Desk, server: Server
) -> None:
    real.book.refuse = TaskCancelled("It was cancelled.")
    real.run()
    real.book.refuse = None
    assert isinstance(real.run(), Succeeded)
    assert len(server.mails) == 1


def test_a_wait_for_room_is_no_part_of_the_attempts_time(tmp_path: Path) -> None:
    folder, size = OfficeFolder(tmp_path), LARGE + 1
    folder.create()
    mailer = open_mailer(MailSettings(), FolderFiles(folder.root))
    BatchFiles(FolderFiles(folder.batches)).place_for(3, "plan.pdf").write_bytes(bytes(size))
    large: dict[str, Any] = {"batch_id": 3, "attachments": ["plan.pdf"]}
    desk = Desk(lambda: mailer)
    with ThreadPoolExecutor(1) as pool:
        item = cast("NewItem", ITEM | large)
        with ExitStack() as held:
            for _ in range(LARGE_AT_ONCE):
                held.enter_context(mailer.room_for(item, mailer.template_of(item), lambda: None))
            sending = pool.submit(desk.run, **large)
            eventually(lambda: desk.control.turn == math.inf)
            assert not any(folder.outbox.iterdir())
        assert isinstance(sending.result(), Succeeded)
    assert math.isfinite(desk.control.turn)


def test_settings_that_changed_while_a_message_waited_are_the_ones_that_count(
    real: Desk, server: Server, folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailers, is_full = [real.mail()], threading.Lock()
    monkeypatch.setattr(mailers[0], "_large", is_full)
    BatchFiles(FolderFiles(folder.batches)).place_for(3, "plan.pdf").write_bytes(bytes(LARGE + 1))
    desk = Desk(lambda: mailers[-1])
    with ThreadPoolExecutor(1) as pool, is_full:
        sending = pool.submit(desk.run, batch_id=3, attachments=["plan.pdf"])
        eventually(lambda: desk.control.turn == math.inf)
        mailers.append(open_mailer(MailSettings(), FolderFiles(folder.root)))
    outcome = sending.result()
    assert isinstance(outcome, Later)
    assert (outcome.after, outcome.counts) == (0, False)
    assert isinstance(desk.run(), Succeeded)
    assert (len([*folder.outbox.iterdir()]), server.mails) == (1, [])


def test_files_that_are_away_for_a_moment_are_no_fault_of_the_message(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="psycopg (the extra `server`) is not installed")
    from sendoff_tasks.postgres.files import DatabaseFiles, FileStore

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
    monkeypatch.setattr(safe_files, "QUIET", WITHIN)
    folder = OfficeFolder(tmp_path)
    folder.create()
    (folder.templates / "fees.jinja").write_text("{% block subject %}Fees{% endb")
    mailer = open_mailer(MailSettings(), FolderFiles(folder.root))
    outcome = Desk(lambda: mailer, attempt=attempt).run(template="fees")
    assert isinstance(outcome, Later)
    assert (outcome.after, outcome.counts) == (after, False)
    assert outcome.error == "“fees.jinja” is being written. The e-mail waits until that ends."
    assert not any(folder.outbox.iterdir())


@contextmanager
def no_more_files() -> Iterator[None]:
    """Have every file that is opened be one too many."""
    resource = pytest.importorskip("resource", reason="there is no such limit")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("made_of", "is_new"),
    [
        ({"batch_id": 3, "attachments": ["plan.pdf"]}, False),
        ({"template": "fees"}, False),
        ({}, True),
    ],
)
def test_too_many_open_files_are_no_fault_of_the_message(
    practice: Desk, folder: OfficeFolder, made_of: dict[str, Any], is_new: bool
) -> None:
    built_in = built_in_templates()[0] / "confirmation.jinja"
    (folder.templates / "fees.jinja").write_bytes(built_in.read_bytes())
    files = FolderFiles(folder.root)
    BatchFiles(files.below("batches")).place_for(3, "plan.pdf").write_bytes(b"plan")
    assert isinstance(practice.run(**made_of), Succeeded)  # whose modules are imported now
    if is_new:
        mailer = open_mailer(MailSettings(), files)
        practice.mail = lambda: mailer
    with no_more_files():
        outcome = practice.run(**made_of)
    assert isinstance(outcome, Later)
    assert (outcome.after, outcome.counts) == (1, False)
    assert outcome.error.endswith(" cannot be read: Too many open files.")


def read_row(batch_id: int, row: int) -> tuple[NewItem, int]:
    if (batch_id, row) != (3, 17):
        raise UnknownId("row", row)
    return {"title": "Opera", "recipient": {"name": "Ada L", "email": "ada@example.org"}}, 42


def sent(folder: OfficeFolder, batch_id: int, row: int) -> Outcome:
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
    folder = OfficeFolder(tmp_path)
    folder.create()
    assert isinstance(sent(folder, 3, 17), Succeeded)
    (mail,) = folder.outbox.iterdir()
    text = mail.read_text()
    assert 'To: "Desk" <desk@example.org>' in text
    assert "Message-ID: <0123.4567@example.org>" in text
    assert "Ada" in text
    assert "ada@example.org" not in text.partition("\n\n")[0]


def test_a_row_that_has_gone_fails_at_once(tmp_path: Path) -> None:
    folder = OfficeFolder(tmp_path)
    folder.create()
    outcome = sent(folder, 3, 18)
    assert isinstance(outcome, Failed)
    assert "There is no row 18." in str(outcome)
    assert list(folder.outbox.iterdir()) == []


MAILS = 50


@pytest.fixture
def passwords() -> list[str]:
    """What is kept as the password: the last one counts."""
    return ["wrong"]


@pytest.fixture
def engine(tmp_path: Path, server: Server, passwords: list[str]) -> Iterator[Engine]:
    folder = OfficeFolder(tmp_path)
    folder.create()
    mailer = open_mailer(
        server.settings(user="ada"), FolderFiles(folder.root), lambda: passwords[-1]
    )
    known = Registry()
    known.add(confirmation(item, lambda: mailer))
    engine = Engine(EngineConfig(tmp_path / "store.db", known))
    engine.start()
    yield engine
    engine.stop()
    mailer.close()


def item(number: int) -> NewItem:
    return {"recipient": {"email": f"p{number}@example.org"}}


def settle(engine: Engine) -> dict[str, int]:
    """Wait until nothing runs and nothing can begin; gives the counts that are not nought."""

    def look() -> dict[str, int] | None:
        counts = {state: n for state, n in engine.stats()["counts"].items() if n}
        is_over = "running" not in counts and ("queued" not in counts or engine.notices())
        return counts if is_over else None

    return eventually(look)


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
