"""The password is in the keyring, or nowhere with a way out."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from desktop.settings.secrets import (
    PART,
    KeyringFault,
    LockedKeyring,
    NoKeyring,
    PasswordFileError,
    PasswordPlace,
    Passwords,
    SilentKeyring,
    delete_password,
    read_password,
    write_password,
)
from tests import WITHIN


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


@pytest.fixture(autouse=True)
def memory() -> Iterator[MemoryKeyring]:
    found = MemoryKeyring()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(fail.Keyring())


def test_a_password_is_kept_for_its_user_and_server_until_it_is_deleted(
    memory: MemoryKeyring,
) -> None:
    write_password("mail.example.org", "ada", "söcret")
    assert read_password("mail.example.org", "ada") == "söcret"
    assert read_password("mail.example.org", "bo") is None
    assert read_password("other.example.org", "ada") is None
    assert list(memory.kept) == [("sendoff", "ada@mail.example.org")]
    for _ in range(2):
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


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (KeyringLocked("the dialog was closed"), LockedKeyring),
        (OSError(32, "Broken pipe"), SilentKeyring),
        (ValueError("a bad reply"), SilentKeyring),
    ],
)
def test_each_error_of_a_keyring_says_a_way_out(
    tmp_path: Path,
    memory: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    kind: type[KeyringFault],
) -> None:
    def fail_with_it(*_: str) -> None:
        raise fault

    monkeypatch.setattr(memory, "get_password", fail_with_it)
    monkeypatch.setattr(memory, "delete_password", fail_with_it)
    said = r"(dialog was closed|Broken pipe|a bad reply).*SENDOFF_MAIL_PASSWORD"
    with pytest.raises(kind, match=said):
        Passwords(tmp_path / "none").read("mail.example.org", "ada")
    with pytest.raises(kind, match=said):
        delete_password("mail.example.org", "ada")


def test_the_environment_is_the_way_out_and_is_not_stored(
    memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDOFF_MAIL_PASSWORD", "from outside")
    keyring.set_keyring(fail.Keyring())
    assert read_password("mail.example.org", "ada") == "from outside"
    assert not memory.kept


def test_a_password_in_memory_is_this_process_s_own_and_goes_before_the_keyring(
    tmp_path: Path,
    memory: MemoryKeyring,
) -> None:
    passwords, place = Passwords(tmp_path / "none"), ("mail.example.org", "ada")
    assert passwords.where(*place) is None
    passwords.write(*place, "stored")
    assert passwords.where(*place) is PasswordPlace.KEYRING
    passwords.remember(*place, "typed")
    assert (passwords.read(*place), passwords.where(*place)) == ("typed", PasswordPlace.SESSION)
    assert list(memory.kept.values()) == ["stored"]
    assert Passwords(tmp_path / "none").read(*place) == "stored"
    passwords.delete(*place)
    assert passwords.read(*place) is None


def test_without_a_keyring_a_password_in_memory_can_be_forgotten(tmp_path: Path) -> None:
    keyring.set_keyring(fail.Keyring())
    passwords, place = Passwords(tmp_path / "none"), ("mail.example.org", "ada")
    passwords.remember(*place, "typed")
    passwords.delete(*place)
    assert passwords.where(*place) is None
    with pytest.raises(NoKeyring):
        passwords.delete(*place)


@pytest.mark.parametrize("keep", [Passwords.remember, Passwords.store_in_file])
def test_a_password_that_a_window_is_about_to_bring_is_waited_for(
    tmp_path: Path, keep: Callable[[Passwords, str, str, str], None]
) -> None:
    """Messages that begin before it comes would have an attempt for nothing: *no keyring*."""
    asked = threading.Event()

    class AskedKeyring(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            asked.set()
            raise KeyringLocked("the dialog was closed")

    keyring.set_keyring(AskedKeyring())
    passwords = Passwords(tmp_path / "mail-password.json", WITHIN)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(passwords.read, "mail.example.org", "ada")
        assert asked.wait(WITHIN)
        keep(passwords, "mail.example.org", "ada", "s3cret")
        assert found.result(WITHIN) == "s3cret"
    with pytest.raises(LockedKeyring):  # what came is not for this one
        passwords.read("mail.example.org", "bob")


def test_without_a_keyring_a_file_of_one_s_own_keeps_the_password(
    tmp_path: Path, memory: MemoryKeyring
) -> None:
    keyring.set_keyring(fail.Keyring())
    file, place = tmp_path / "mail-password.json", ("mail.example.org", "ada")
    Passwords(file).store_in_file(*place, "söcret")
    assert file.stat().st_mode & 0o777 == 0o600
    later = Passwords(file)
    assert (later.read(*place), later.where(*place)) == ("söcret", PasswordPlace.FILE)
    later.delete(*place)
    assert later.where(*place) is None
    later.store_in_file(*place, "older")
    later.remember(*place, "for this session")
    assert b"older" not in file.read_bytes()
    later.store_in_file(*place, "secret")
    keyring.set_keyring(memory)
    later.write(*place, "stored")
    assert b"secret" not in file.read_bytes()


UNUSABLE: Final = {
    "damaged": (b'{"ada@mail.example.org": "s3cr', "is damaged. Delete it"),
    "empty": (b"", "is damaged. Delete it"),
    "a list": (b'["s3cret"]', "is damaged. Delete it"),
    "a number": (b'{"ada@mail.example.org": 7}', "is damaged. Delete it"),
    "without end": (b"[" * 100_000, "is damaged. Delete it"),
    "of another code": ("{'söcret'}".encode("latin-1"), "is damaged. Delete it"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_read_is_never_written_over(tmp_path: Path, name: str) -> None:
    content, sentence = UNUSABLE[name]
    file = tmp_path / "mail-password.json"
    file.write_bytes(content)
    file.chmod(0o600)
    _refuses(file, sentence)
    assert file.read_bytes() == content


def _refuses(file: Path, sentence: str) -> None:
    keyring.set_keyring(fail.Keyring())
    passwords, place = Passwords(file), ("mail.example.org", "ada")
    assert passwords.where(*place) is None
    asks: list[Callable[[], object]] = [
        passwords.check_file,
        lambda: passwords.read(*place),
        lambda: passwords.remember(*place, "new"),
        lambda: passwords.store_in_file(*place, "new"),
        lambda: passwords.write(*place, "new"),
        lambda: passwords.delete(*place),
    ]
    for ask in asks:
        with pytest.raises(PasswordFileError) as refused:
            ask()
        assert str(refused.value).startswith(f"{file} ")
        assert sentence in str(refused.value)
    assert passwords.where(*place) is None


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_file_that_others_can_use_is_refused_with_a_way_out(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "mail-password.json"
    keyring.set_keyring(fail.Keyring())
    Passwords(file).store_in_file("mail.example.org", "ada", "secret")
    before = file.read_bytes()
    file.chmod(mode)
    _refuses(file, "is not used: other users can ")
    assert file.read_bytes() == before
    file.chmod(0o600)
    assert Passwords(file).read("mail.example.org", "ada") == "secret"


def test_a_place_of_the_file_that_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "mail-password.json").mkdir(0o700)
    _refuses(tmp_path / "mail-password.json", "cannot be read: ")


def test_a_keyring_takes_nothing_while_an_older_password_stays_in_the_file(
    tmp_path: Path, memory: MemoryKeyring
) -> None:
    file = tmp_path / "mail-password.json"
    file.write_bytes(b"{")
    file.chmod(0o600)
    with pytest.raises(PasswordFileError):
        Passwords(file).write("mail.example.org", "ada", "new")
    assert not memory.kept


def test_passwords_that_are_filed_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    keyring.set_keyring(fail.Keyring())
    passwords, users = Passwords(tmp_path / "mail-password.json"), [f"user {n}" for n in range(20)]
    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(lambda user: passwords.store_in_file("mx", user, user), users))
    assert [passwords.read("mx", user) for user in users] == users


def test_a_password_that_is_brought_counts_although_the_file_is_damaged(tmp_path: Path) -> None:
    keyring.set_keyring(fail.Keyring())
    file, place = tmp_path / "mail-password.json", ("mail.example.org", "ada")
    passwords = Passwords(file, 60.0)
    passwords.remember(*place, "secret")
    file.write_bytes(b"{")
    assert passwords.read(*place) == "secret"


LONG = "".join(chr(97 + number % 26) for number in range(3 * PART + 7))


def test_a_text_that_is_too_long_for_one_entry_is_kept_in_parts(memory: MemoryKeyring) -> None:
    write_password("issuer", "sign-in", LONG)
    assert read_password("issuer", "sign-in") == LONG
    assert max(map(len, memory.kept.values())) <= PART
    write_password("issuer", "sign-in", LONG[1:])
    assert read_password("issuer", "sign-in") == LONG[1:]
    write_password("issuer", "sign-in", "short")
    assert memory.kept == {("sendoff", "sign-in@issuer"): "short"}
    write_password("issuer", "sign-in", LONG)
    delete_password("issuer", "sign-in")
    assert not memory.kept


@pytest.mark.parametrize("writes", range(5))
def test_a_text_that_is_not_replaced_to_the_end_stays_as_it_was(
    memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    """The power goes after so many entries were written; the fifth one is the head."""
    write_password("issuer", "sign-in", LONG)
    left = iter(range(writes))
    write = memory.set_password

    def until_then(service: str, username: str, password: str) -> None:
        if next(left, None) is None:
            raise OSError("the power is gone")
        write(service, username, password)

    monkeypatch.setattr(memory, "set_password", until_then)
    with pytest.raises(SilentKeyring):
        write_password("issuer", "sign-in", LONG.upper())
    assert read_password("issuer", "sign-in") == LONG
    monkeypatch.undo()
    write_password("issuer", "sign-in", LONG.upper())
    assert read_password("issuer", "sign-in") == LONG.upper()
