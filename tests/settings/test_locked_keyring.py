"""A process that nobody has opened does not have a locked keyring ask a person."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import keyring
import pytest
from keyring.backends import fail

from desktop.settings.secrets import UNASKED, SilentKeyring, read_password

if not sys.platform.startswith("linux") or shutil.which("dbus-daemon") is None:
    pytest.skip("There is no message bus to keep a keyring on.", allow_module_level=True)

from jeepney import MessageType, new_error, new_method_return  # type: ignore[import-untyped]
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped]
from keyring.backends.SecretService import Keyring

PROPERTIES = {"Label": ("s", "login"), "Locked": ("b", True)}


class LockedService:
    """A Secret Service whose only collection is locked; ``asked`` is set if it is unlocked."""

    def __init__(self, address: str) -> None:
        self.asked = Event()
        self._bus = open_dbus_connection(address)
        self._bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
        self._serving = Thread(target=self._serve, args=[self._bus], daemon=True)
        self._serving.start()

    def _serve(self, bus: DBusConnection) -> None:
        while True:
            try:
                call = bus.receive()
            except OSError:
                return
            if call.header.message_type is MessageType.method_call:
                bus.send(self._answer(call))

    def _answer(self, call: Any) -> Any:
        name = call.header.fields.get(3)  # the member
        if name == "Get":
            return new_method_return(call, "v", (PROPERTIES[call.body[1]],))
        if name == "ReadAlias":
            return new_method_return(call, "o", ("/org/freedesktop/secrets/collection/login",))
        if name == "Unlock":
            self.asked.set()
        return new_error(call, "org.freedesktop.DBus.Error.NotSupported")

    def close(self) -> None:
        """Close the connection once its bus has ended, and so what it waits for."""
        self._serving.join(10)
        self._bus.close()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[LockedService]:
    """Run a message bus with such a service on it, and use it as the keyring."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        service = LockedService(address)
        keyring.set_keyring(Keyring())
        yield service
        keyring.set_keyring(fail.Keyring())
        daemon.terminate()
        service.close()


def test_it_waits_for_the_keyring_in_place_of_asking(
    service: LockedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(UNASKED, "1")
    with pytest.raises(SilentKeyring, match="locked"):
        read_password("mx", "ada")
    assert not service.asked.is_set()
