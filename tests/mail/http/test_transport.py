"""Messages leave by one HTTP request each, and each answer has one fate."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from desktop.contract.sign_in import SignInProblem
from desktop.mail.errors import (
    MailError,
    MailFinal,
    MailHeld,
    MailLater,
    MailQuota,
    MailUncertain,
    SignInNeeded,
    StaleToken,
    Unreached,
    WrongAddress,
    WrongLetter,
    WrongSender,
)
from desktop.mail.http.services import AT_ONCE
from desktop.mail.http.transport import HttpTransport
from desktop.mail.message import AttachedContent
from desktop.mail.sign_in.tokens import AccessTokens
from desktop.mail.smtp import capacity
from tests import WITHIN
from tests.mail.sending import IMPATIENT, QUICK, chained, letter
from tests.mail.web_services import ACCOUNT, Broken, Said, WebService, serving


@dataclass
class Tokens:
    """The tokens of a sign-in that is renewed ``left`` more times."""

    account: str | None = ACCOUNT
    shared: bool = False
    left: int = 1
    number: int = 1
    asked: list[str] = field(default_factory=list)

    def may_send_as(self, address: str) -> bool:
        return self.shared or address == self.account

    def token(self) -> str:
        self.asked.append(f"token {self.number}")
        return self.asked[-1]

    def rejected(self, token: str) -> None:
        if not self.left:
            raise SignInNeeded("The sign-in was withdrawn.", SignInProblem.REVOKED)
        if token == f"token {self.number}":
            self.number += 1
            self.left -= 1


@dataclass
class Desk:
    """A transport, and what was noted while it sent."""

    transport: HttpTransport
    tokens: Tokens
    log: list[str] = field(default_factory=list)
    crossed: int = 0

    def cross(self) -> None:
        self.crossed += 1

    def send(self, **changes: Any) -> str:
        return self.transport.send(letter(**changes), self.cross, self.log.append)


Opening = Callable[..., Desk]


@pytest.fixture(params=["microsoft", "google"])
def server(request: pytest.FixtureRequest) -> Iterator[WebService]:
    with serving(request.param) as found:
        yield found


@pytest.fixture
def graph() -> Iterator[WebService]:
    with serving("microsoft") as found:
        yield found


@pytest.fixture
def gmail() -> Iterator[WebService]:
    with serving("google") as found:
        yield found


def desk(server: WebService, *, patient: bool = True, **about: Any) -> Desk:
    tokens = Tokens(**about)
    transport = HttpTransport(
        server.service, cast("AccessTokens", tokens), QUICK if patient else IMPATIENT
    )
    return Desk(transport, tokens)


def test_a_message_arrives_as_it_was_built(server: WebService) -> None:
    message = letter(text="grüße\n.\n")
    sender = desk(server)
    said = sender.transport.send(message, sender.cross, sender.log.append)
    assert server.mails == [message.source]
    assert said == f"Handed to {server.service.name}."
    assert sender.crossed == 1
    assert sender.log[0] == f"e-mail handed over (Message-ID {message.message_id})"


def test_copies_are_in_the_head_and_blind_ones_only_there(server: WebService) -> None:
    message = letter(cc="bob@example.org", bcc="eve@example.org, ian@example.org")
    desk(server).transport.send(message, lambda: None, lambda _: None)
    (mail,) = server.parsed()
    assert (mail["Cc"], mail["Bcc"].split()) == (
        "bob@example.org", ["eve@example.org,", "ian@example.org"],
    )  # fmt: skip
    assert b"eve@" not in message.source  # which is sent by SMTP


def test_the_point_of_no_return_comes_before_the_last_byte(server: WebService) -> None:
    sender = desk(server)

    def nothing_has_arrived() -> None:
        assert not server.taken.acquire(timeout=0.2)

    sender.transport.send(letter(), nothing_has_arrived, sender.log.append)
    assert server.taken.acquire(timeout=WITHIN)


def test_a_task_that_is_cancelled_at_the_point_leaves_the_message_unsent(
    server: WebService,
) -> None:
    class TaskCancelled(BaseException):
        pass

    def cancelled() -> None:
        raise TaskCancelled

    sender = desk(server)
    with pytest.raises(TaskCancelled):
        sender.transport.send(letter(), cancelled, sender.log.append)
    assert server.cut.acquire(timeout=WITHIN)
    sender.send()
    assert len(server.mails) == 1


def test_another_senders_mail_goes_through_its_mailbox(graph: WebService) -> None:
    graph.send_as.add("office@example.org")
    desk(graph, shared=True).send(sender="office@example.org")
    desk(graph).send(sender="BOX@example.org".replace("BOX", "box"))
    assert graph.paths == ["/v1.0/users/office%40example.org/sendMail", "/v1.0/me/sendMail"]


def test_a_shared_mailbox_without_the_right_is_refused_with_its_name(graph: WebService) -> None:
    with pytest.raises(WrongSender, match=r"“Send as”.*Mail\.Send\.Shared") as caught:
        desk(graph, shared=True).send(sender="office@example.org")
    assert (caught.value.code, caught.value.enhanced) == (403, "ErrorSendAsDenied")
    assert caught.value.server == "Microsoft 365"


@pytest.mark.parametrize("kind", ["microsoft", "google"])
def test_a_sender_that_the_account_may_not_use_is_never_asked_for(kind: str) -> None:
    with serving(kind) as server:
        with pytest.raises(WrongSender, match="which may not send as office@"):
            desk(server).send(sender="office@example.org")
        assert server.connections == 0


NOT_TAKEN: list[tuple[Said, type[MailError], str]] = [
    (Said(400, "ErrorInvalidRecipients", "At least one isn't valid."), WrongAddress, "recipient"),
    (Said(400, "invalidArgument", "Invalid To header"), WrongAddress, "recipient"),
    (Said(400, "ErrorMimeContentInvalid", "Bad MIME."), MailFinal, "refused the e-mail"),
    (Said(403, "ErrorAccessDenied", "Access is denied."), SignInNeeded, r"allow Mail\.Send"),
    (Said(403, "insufficientPermissions", "No."), SignInNeeded, "allow Sendoff to send"),
    (Said(403, "domainPolicy", "Disabled by admin."), MailHeld, "administrator must allow"),
    (Said(403, "Strange", "Not today."), MailHeld, "Not today"),
    (Said(404, "MailboxNotEnabledForRESTAPI", "Inactive."), MailHeld, "needs a licence"),
    (Said(404, "ErrorInvalidUser", "Invalid."), WrongSender, "no such mailbox"),
    (Said(413, "RequestEntityTooLarge", "Too large."), WrongLetter, "413"),
    (Said(429, "ApplicationThrottled", "Slow."), MailQuota, "takes no more for now"),
    (Said(403, "userRateLimitExceeded", "Slow."), MailQuota, "takes no more for now"),
    (Said(503, "Busy", "Wait.", {"Retry-After": "7"}), MailQuota, "takes no more for now"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "fate", "words"), NOT_TAKEN)
def test_a_refusal_is_not_taken_and_says_what_helps(
    server: WebService, said: Said, fate: type[MailError], words: str
) -> None:
    server.faults.append(said)
    sender = desk(server)
    with pytest.raises(fate, match=words) as caught:
        sender.send()
    assert type(caught.value) is fate
    assert said.message.rstrip(".") in str(caught.value)
    assert not server.mails
    assert len(server.paths) == 1


@pytest.mark.parametrize(
    "fault",
    [
        *(Said(status, "Oops", "no", takes=True) for status in (500, 502, 503, 504, 302, 404, 409)),
        Broken.CUT_AFTER,
        Broken.GARBLED,
    ],
)
def test_what_follows_the_last_byte_is_uncertain_and_asked_once(
    server: WebService, fault: Said | Broken
) -> None:
    server.faults.append(fault)
    sender = desk(server)
    with pytest.raises(MailUncertain) as caught:
        sender.send()
    assert caught.value.server == server.service.name
    assert (len(server.mails), len(server.paths), sender.crossed) == (1, 1, 1)


def test_an_answer_is_read_no_further_than_its_status_needs(server: WebService) -> None:
    packed = gzip.compress(bytes(MUCH), 1)
    gzipped = Said(server.service.accepted, headers={"Content-Encoding": "gzip"}, body=packed)
    server.faults += [Broken.ENDLESS, replace(gzipped, takes=True)]
    tracemalloc.start()
    try:
        for _ in range(2):
            desk(server).send()
        assert tracemalloc.get_traced_memory()[1] < MUCH / 10
    finally:
        tracemalloc.stop()
    assert len(server.mails) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Said(400, "Strange", "You sent: Bearer token 1"),
        Said(429, "Bearer token 1", "Bearer token 1"),
        Said(500, body=b"POST / HTTP/1.1\nAuthorization: Bearer token 1"),
        Broken.ECHO,
    ],
)
def test_no_token_stands_in_an_error_or_the_log(server: WebService, fault: Said | Broken) -> None:
    server.faults.append(fault)
    sender = desk(server)
    with pytest.raises(MailError) as caught:
        sender.send()
    assert "token 1" not in repr(vars(caught.value))
    assert not any("token 1" in str(each) for each in chained(caught.value))
    assert not any("token 1" in line for line in sender.log)


@pytest.mark.parametrize("code", ["x" * 101, "\ud800", "two words", ""])
def test_a_code_that_no_service_has_is_none(server: WebService, code: str) -> None:
    server.faults.append(Said(400, code, "No."))
    with pytest.raises(MailFinal, match="No") as caught:
        desk(server).send()
    assert caught.value.enhanced is None


def test_a_service_that_answers_nothing_leaves_it_uncertain(server: WebService) -> None:
    server.faults.append(Broken.SILENT)
    with pytest.raises(MailUncertain, match="timed out"):
        desk(server, patient=False).send()


MUCH = 50_000_000
"""Bytes that a bounded reader never holds."""
MORE_THAN_SOCKETS_HOLD = "x" * 20_000_000


def test_a_connection_cut_before_the_last_byte_has_taken_nothing(gmail: WebService) -> None:
    gmail.faults.append(Broken.CUT_BEFORE)
    sender = desk(gmail)
    with pytest.raises(MailLater, match="did not take the whole e-mail"):
        sender.send(text=MORE_THAN_SOCKETS_HOLD)
    assert not sender.crossed
    assert not gmail.mails


def test_an_answer_before_the_last_byte_is_no_acceptance(gmail: WebService) -> None:
    gmail.faults.append(Said(200, message="18c2f0", early=True))
    sender = desk(gmail)
    with pytest.raises(MailLater):
        sender.send(text=MORE_THAN_SOCKETS_HOLD)
    assert not sender.crossed


def test_a_service_that_cannot_be_reached_uses_no_attempt(server: WebService) -> None:
    with serving(server.kind) as gone:
        pass
    with pytest.raises(Unreached, match="cannot be reached"):
        desk(gone).send()


def test_a_certificate_that_is_not_trusted_holds(tmp_path: Path) -> None:
    pytest.importorskip("cryptography", reason="makes the certificates")
    from tests.mail.certificates import make_certificates

    with (
        serving("microsoft", make_certificates(tmp_path).server) as server,
        pytest.raises(MailHeld, match="cannot be trusted"),
    ):
        desk(server).send()


def test_a_trusted_certificate_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cryptography", reason="makes the certificates")
    from tests.mail.certificates import make_certificates

    made = make_certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    with serving("google", made.server) as server:
        desk(server).send()
        assert len(server.mails) == 1


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_the_proxy_of_the_system_is_used(
    graph: WebService, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("http_proxy", graph.service.base.replace("http://", scheme))
    monkeypatch.setenv("no_proxy", "")
    graph.service = replace(graph.service, base="http://graph.invalid")
    graph.faults.append(Said(202))
    desk(graph).send()
    assert graph.paths == ["http://graph.invalid/v1.0/me/sendMail"]


def test_a_request_is_not_logged_beside_the_tasks_own_log(
    server: WebService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    sender = desk(server)
    sender.send()
    assert [each.message for each in caplog.records] == []
    assert not any("token" in line for line in sender.log)


def test_a_message_whose_token_was_refused_is_sent_with_a_new_one(server: WebService) -> None:
    server.tokens = {"token 2"}
    sender = desk(server)
    with pytest.raises(StaleToken):
        sender.send()
    assert not server.mails
    sender.send()
    assert sender.tokens.asked == ["token 1", "token 2"]
    assert len(server.mails) == 1


def test_a_second_401_needs_a_new_sign_in(server: WebService) -> None:
    server.tokens = set()
    sender = desk(server)
    with pytest.raises(StaleToken):
        sender.send()
    with pytest.raises(SignInNeeded) as caught:
        sender.send()
    assert caught.value.problem is SignInProblem.REVOKED
    assert len(server.paths) == 2
    assert not server.mails


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (Said(429, headers={"Retry-After": "42"}), 42.0),
        (Said(503, headers={"Retry-After": "999999999"}), 86_400.0),
        (Said(429, headers={"Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT"}), 86_400.0),
        (Said(429, "rateLimitExceeded", "Retry after 2099-01-01T00:00:00.000Z"), 86_400.0),
        (Said(429), capacity.SHORTEST_S),
        (Said(429, headers={"Retry-After": "soon"}), capacity.SHORTEST_S),
        (
            Said(429, headers={"Retry-After": "Thu, 9999999999999999999 Jan 2026 00:00:00 GMT"}),
            capacity.SHORTEST_S,
        ),
    ],
)
def test_a_used_up_limit_says_how_long_to_wait(
    server: WebService, said: Said, seconds: float
) -> None:
    server.faults.append(said)
    with pytest.raises(MailQuota) as caught:
        desk(server).send()
    assert caught.value.after == pytest.approx(seconds)


def test_a_message_that_is_too_large_is_refused_by_name_and_not_sent(graph: WebService) -> None:
    with pytest.raises(WrongLetter, match=r"Microsoft 365 takes 4 MiB") as caught:
        desk(graph).send(text="x" * (3 * 2**20 + 1))
    assert not isinstance(caught.value, WrongAddress)
    assert graph.connections == 0


def test_the_attachments_that_are_allowed_fit(server: WebService) -> None:
    size = server.service.files_limit.size
    files = [AttachedContent("map.bin", bytes(size - 10)), AttachedContent("a.bin", bytes(10))]
    desk(server).send(text="hello\n" * 2000, files=files)
    assert len(server.mails) == 1


def test_four_requests_at_once_are_the_most(
    graph: WebService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capacity, "ALONE_S", 0.0)
    graph.pause = 0.02
    sender = desk(graph)

    def one(_: int) -> None:
        with sender.transport.turn(lambda: None):
            sender.send()

    with ThreadPoolExecutor(16) as pool:
        assert len(list(pool.map(one, range(80)))) == 80
    assert graph.most == AT_ONCE


def test_a_quota_is_learned_and_kept_to(graph: WebService) -> None:
    graph.per_minute, graph.minute = 1, 3600.0
    sender = desk(graph)
    sender.send()
    with pytest.raises(MailQuota) as caught:
        sender.send()
    assert caught.value.after == pytest.approx(3600, abs=5)
    assert len(graph.mails) == 1
