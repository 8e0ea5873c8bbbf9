"""The password is in the keyring, or nowhere with a way out."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from desktop.settings.secrets import (
    Kept,
    NoKeyring,
    Passwords,
    delete_password,
    read_password,
    write_password,
)
from tests import WITHIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class MemoryKeyring(KeyringBackend):
    """A keyring like the system's, kept in memory."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not there")
        del self.kept[service, username]


class LockedKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("the person closed the dialog")

    set_password = delete_password = get_password  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    monkeypatch.delenv("SENDOFF_MAIL_PASSWORD", raising=False)
    found = MemoryKeyring()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(fail.Keyring())


def test_a_password_is_kept_for_its_user_and_server(memory: MemoryKeyring) -> None:
    write_password("mail.example.org", "ada", "söcret")
    assert read_password("mail.example.org", "ada") == "söcret"
    assert read_password("mail.example.org", "bo") is None
    assert read_password("other.example.org", "ada") is None
    assert list(memory.kept) == [("sendoff", "ada@mail.example.org")]


def test_a_deleted_password_is_gone_and_may_be_deleted_again() -> None:
    write_password("mail.example.org", "ada", "secret")
    delete_password("mail.example.org", "ada")
    delete_password("mail.example.org", "ada")
    assert read_password("mail.example.org", "ada") is None


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_a_keyring_that_keeps_nothing_is_refused_with_a_way_out(
    backend: type[KeyringBackend],
) -> None:
    keyring.set_keyring(backend())
    asks: list[Callable[[], object]] = [
        lambda: read_password("mail.example.org", "ada"),
        lambda: write_password("mail.example.org", "ada", "secret"),
        lambda: delete_password("mail.example.org", "ada"),
    ]
    for ask in asks:
        with pytest.raises(NoKeyring, match="SENDOFF_MAIL_PASSWORD"):
            ask()


def test_a_locked_keyring_says_so_with_a_way_out() -> None:
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(NoKeyring, match=r"closed the dialog.*SENDOFF_MAIL_PASSWORD"):
        read_password("mail.example.org", "ada")
    with pytest.raises(NoKeyring, match="closed the dialog"):
        delete_password("mail.example.org", "ada")


@pytest.mark.parametrize("fault", [OSError(32, "Broken pipe"), ValueError("a bad reply")])
def test_each_error_of_a_keyring_is_one_of_no_keyring(
    memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail_with_it(*_: str) -> None:
        raise fault

    monkeypatch.setattr(memory, "get_password", fail_with_it)
    with pytest.raises(NoKeyring, match=r"(Broken pipe|a bad reply).*SENDOFF_MAIL_PASSWORD"):
        Passwords().read("mail.example.org", "ada")


def test_the_environment_is_the_way_out_and_is_not_stored(
    memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDOFF_MAIL_PASSWORD", "from outside")
    keyring.set_keyring(fail.Keyring())
    assert read_password("mail.example.org", "ada") == "from outside"
    assert not memory.kept


def test_a_password_in_memory_is_this_process_s_own_and_goes_before_the_keyring(
    memory: MemoryKeyring,
) -> None:
    passwords, place = Passwords(), ("mail.example.org", "ada")
    assert passwords.where(*place) is None
    passwords.write(*place, "stored")
    assert passwords.where(*place) is Kept.KEYRING
    passwords.keep(*place, "typed")
    assert (passwords.read(*place), passwords.where(*place)) == ("typed", Kept.SESSION)
    assert list(memory.kept.values()) == ["stored"]
    assert Passwords().read(*place) == "stored"
    passwords.delete(*place)
    assert passwords.read(*place) is None


def test_without_a_keyring_a_password_in_memory_can_be_forgotten() -> None:
    keyring.set_keyring(fail.Keyring())
    passwords, place = Passwords(), ("mail.example.org", "ada")
    passwords.keep(*place, "typed")
    passwords.delete(*place)
    assert passwords.where(*place) is None
    with pytest.raises(NoKeyring):
        passwords.delete(*place)


def test_a_password_that_a_window_is_about_to_bring_is_waited_for() -> None:
    """Messages that began before it came had an attempt for nothing: *no keyring*."""
    asked = threading.Event()

    class AskedKeyring(LockedKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            asked.set()
            return super().get_password(service, username)

    keyring.set_keyring(AskedKeyring())
    passwords = Passwords(brought_within=WITHIN)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(passwords.read, "mail.example.org", "ada")
        assert asked.wait(WITHIN)
        passwords.keep("mail.example.org", "ada", "s3cret")
        assert found.result(WITHIN) == "s3cret"
    with pytest.raises(NoKeyring):  # what came is not for this one
        passwords.read("mail.example.org", "bob")


def test_without_a_keyring_a_file_of_one_s_own_keeps_the_password(
    tmp_path: Path, memory: MemoryKeyring
) -> None:
    keyring.set_keyring(fail.Keyring())
    file, place = tmp_path / "mail-password.json", ("mail.example.org", "ada")
    Passwords(file=file).keep_in_file(*place, "söcret")
    assert file.stat().st_mode & 0o777 == 0o600
    later = Passwords(file=file)
    assert (later.read(*place), later.where(*place)) == ("söcret", Kept.FILE)
    file.chmod(0o640)  # others could read it
    assert later.where(*place) is None
    file.chmod(0o600)
    later.delete(*place)
    assert later.where(*place) is None
    later.keep_in_file(*place, "older")
    later.keep(*place, "for this session")
    assert b"older" not in file.read_bytes()
    later.keep_in_file(*place, "secret")
    keyring.set_keyring(memory)
    later.write(*place, "stored")
    assert b"secret" not in file.read_bytes()


@pytest.mark.usefixtures("memory")
def test_a_reader_that_waits_gets_a_password_that_goes_into_the_file(tmp_path: Path) -> None:
    keyring.set_keyring(fail.Keyring())
    passwords, place = Passwords(60.0, tmp_path / "mail-password.json"), ("mail.example.org", "ada")
    with ThreadPoolExecutor() as threads:
        found = threads.submit(passwords.read, *place)
        passwords.keep_in_file(*place, "secret")
        assert found.result() == "secret"
