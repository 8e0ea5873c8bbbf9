"""TLS, from the first byte or by STARTTLS; certificates are always checked."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("cryptography", reason="makes the certificates; locked on Linux only")

from desktop.mail.errors import MailHeld, MailLater, Unreached
from tests.mail.certificates import Certificates, make_certificates
from tests.mail.raw_server import saying
from tests.mail.sending import IMPATIENT, sending
from tests.mail.server import Fault, Server, running


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))


@pytest.fixture
def starttls(certificates: Certificates) -> Iterator[Server]:
    with running(starttls=certificates.server, require_starttls=True) as server:
        yield server


@pytest.fixture
def tls(certificates: Certificates) -> Iterator[Server]:
    with running(tls=certificates.server) as server:
        yield server


@pytest.mark.usefixtures("trusted")
def test_starttls_secures_the_line_before_the_login(starttls: Server) -> None:
    with sending(starttls.settings(security="starttls", user="ada")) as desk:
        desk.send()
    assert desk.log[0] == f"connected to localhost:{starttls.port}, TLS 1.3"
    assert starttls.commands.index("STARTTLS") < starttls.commands.index("AUTH")
    assert len(starttls.mails) == 1


@pytest.mark.usefixtures("trusted")
def test_tls_from_the_first_byte(tls: Server) -> None:
    with sending(tls.settings(security="tls", user="ada")) as desk:
        desk.send()
        desk.send()
    assert desk.log[0].endswith(", TLS 1.3")
    assert tls.connections == 1
    assert len(tls.mails) == 2


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_without_an_authority_needs_the_person(
    request: pytest.FixtureRequest, security: str
) -> None:
    server: Server = request.getfixturevalue(security)
    with (
        sending(server.settings(security=security, user="ada")) as desk,
        pytest.raises(
            MailHeld,
            match="The certificate of localhost cannot be trusted",
        ),
    ):
        desk.send()
    assert "AUTH" not in server.commands


@pytest.mark.usefixtures("trusted")
def test_authorities_that_cannot_be_read_for_now_are_read_again(
    tls: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenSSL makes a context without any and says nothing, as with too many open files."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    with sending(tls.settings(security="tls")) as desk:
        with monkeypatch.context() as shortage:
            shortage.setattr(ssl.SSLContext, "load_default_certs", lambda *_: None)
            shortage.setattr(ssl.SSLContext, "load_verify_locations", full)
            with pytest.raises(Unreached, match="cannot be read: Too many open files"):
                desk.send()
        desk.send()
    assert len(tls.mails) == 1


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_needs_the_person(tls: Server) -> None:
    with (
        sending(tls.settings(security="tls", host="127.0.0.1")) as desk,
        pytest.raises(MailHeld, match=r"certificate of 127\.0\.0\.1 cannot be trusted"),
    ):
        desk.send()


def test_a_server_without_starttls_gets_nothing_in_the_clear() -> None:
    with (
        running() as server,
        sending(server.settings(security="starttls", user="ada")) as desk,
        pytest.raises(
            MailHeld, match=r"does not offer STARTTLS\. Choose TLS or None\. Nothing was sent\."
        ),
    ):
        desk.send()
    assert "AUTH" not in server.commands
    assert "MAIL" not in server.commands


@pytest.mark.parametrize("host", ["a..example.org", "x" * 64 + ".org", "\u2024.example.org"])
def test_a_name_no_server_can_have_needs_the_person(tls: Server, host: str) -> None:
    with (
        sending(tls.settings(host=host)) as desk,
        pytest.raises(MailHeld, match="cannot be the name of a server"),
    ):
        desk.send()


def test_tls_on_a_plain_port_needs_the_person() -> None:
    with (
        running() as server,
        sending(server.settings(security="tls")) as desk,
        pytest.raises(
            MailHeld, match=r"does not begin with TLS \(.*\)\. Choose STARTTLS or None\."
        ),
    ):
        desk.send()


def test_a_tls_port_asked_in_the_clear_is_for_later(tls: Server) -> None:
    with sending(tls.settings(security="none"), IMPATIENT) as desk, pytest.raises(MailLater):
        desk.send()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("fault", ["454 4.7.0 TLS not available", Fault.DROP])
def test_a_starttls_that_fails_for_now_is_for_later(starttls: Server, fault: str | Fault) -> None:
    starttls.faults["STARTTLS"] = fault
    with sending(starttls.settings(security="starttls")) as desk, pytest.raises(MailLater):
        desk.send()
    assert "MAIL" not in starttls.commands


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_drop_under_tls_before_the_final_dot_is_for_later(tls: Server, step: str) -> None:
    tls.faults[step] = Fault.DROP
    with sending(tls.settings(security="tls")) as desk, pytest.raises(MailLater):
        desk.send()
    assert not tls.mails


@pytest.mark.usefixtures("trusted")
def test_the_servers_session_tickets_are_no_early_word(tls: Server, tmp_path: Path) -> None:
    """TLS 1.3 sends tickets when it likes; they must not look like an answer to the content."""
    with sending(tls.settings(security="tls")) as desk:
        for _ in range(5):
            desk.send()
    assert len(tls.mails) == 5


@pytest.mark.usefixtures("trusted")
def test_what_was_put_before_tls_is_no_answer_in_it(certificates: Certificates) -> None:
    put = b"220 go ahead\r\n250-evil\r\n250 AUTH PLAIN\r\n"
    with (
        saying({"STARTTLS": put}, tls=certificates.server) as server,
        sending(server.settings(security="starttls", user="ada")) as desk,
        pytest.raises(MailLater, match="said what it was not asked for: 250-evil"),
    ):
        desk.send()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("early", [b"250 early\r\n", b"2"])
def test_an_early_answer_under_tls_is_no_answer_to_the_dot(
    certificates: Certificates, early: bytes
) -> None:
    said = {"DATA": b"354 go on\r\n" + early, "dot": b"554 no\r\n"}
    with (
        saying(said, tls=certificates.server) as server,
        sending(server.settings(security="starttls")) as desk,
        pytest.raises(MailLater),
    ):
        desk.send()
    assert not server.dots


@pytest.mark.usefixtures("trusted")
def test_what_comes_between_two_messages_under_tls_answers_neither(
    certificates: Certificates,
) -> None:
    with (
        saying({"dot": b"250 fine\r\n"}, tls=certificates.server) as server,
        sending(server.settings(security="starttls")) as desk,
    ):
        desk.send()
        server.say_now(b"421 bye\r\n250 early\r\n354 early\r\n250 early\r\n")
        desk.send()
    assert len(server.connections) == 2
    assert server.dots == 2
