"""TLS, from the first byte or by STARTTLS; certificates are always checked."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator

import pytest

pytest.importorskip("cryptography", reason="makes the certificates; locked on Linux only")

from desktop.mail.errors import MailError, MailHeld, MailLater, Unreached
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
def test_under_tls_from_the_first_byte_one_connection_carries_many_messages(tls: Server) -> None:
    """TLS 1.3 sends tickets when it likes; they must not look like an answer to the content."""
    with sending(tls.settings(security="tls", user="ada")) as desk:
        for _ in range(5):
            desk.send()
    assert desk.log[0].endswith(", TLS 1.3")
    assert tls.connections == 1
    assert len(tls.mails) == 5


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_without_an_authority_needs_the_person(
    request: pytest.FixtureRequest, security: str
) -> None:
    server: Server = request.getfixturevalue(security)
    settings = server.settings(security=security, user="ada")
    said = "The certificate of localhost cannot be trusted"
    with sending(settings) as desk, pytest.raises(MailHeld, match=said):
        desk.send()
    assert "AUTH" not in server.commands


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("speaks", "asked", "fate", "said"),
    [
        ({"tls": True}, {"security": "tls", "host": "127.0.0.1"}, MailHeld,
         r"certificate of 127\.0\.0\.1 cannot be trusted"),
        ({}, {"security": "starttls"}, MailHeld,
         r"does not offer STARTTLS\. Choose TLS or None\. Nothing was sent\."),
        ({}, {"security": "tls"}, MailHeld,
         r"does not begin with TLS \(.*\)\. Choose STARTTLS or None\."),
        ({"tls": True}, {"security": "none"}, MailLater, "localhost"),
        *(({}, {"host": host}, MailHeld, "cannot be the name of a server")
          for host in ("a..example.org", "x" * 64 + ".org", "\u2024.example.org")),
    ],
)  # fmt: skip
def test_a_server_that_is_asked_in_a_way_it_does_not_speak_gets_nothing(
    certificates: Certificates,
    speaks: dict[str, bool],
    asked: dict[str, str],
    fate: type[MailError],
    said: str,
) -> None:
    tls = certificates.server if speaks else None
    with (
        running(tls=tls) as server,
        sending(server.settings(user="ada", **asked), IMPATIENT) as desk,
        pytest.raises(fate, match=said) as raised,
    ):
        desk.send()
    assert raised.value.server == asked.get("host", "localhost")
    assert not {"AUTH", "MAIL"} & set(server.commands)


def test_without_encryption_no_certificates_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "create_default_context", pytest.fail)
    with running() as server, sending(server.settings()) as desk:
        desk.send()
    assert len(server.mails) == 1


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
@pytest.mark.parametrize("fault", ["454 4.7.0 TLS not available", Fault.DROP])
def test_a_starttls_that_fails_for_now_is_for_later(starttls: Server, fault: str | Fault) -> None:
    starttls.faults["STARTTLS"] = fault
    with sending(starttls.settings(security="starttls")) as desk, pytest.raises(MailLater):
        desk.send()
    assert "MAIL" not in starttls.commands


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
