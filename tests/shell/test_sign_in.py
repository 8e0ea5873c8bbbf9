"""``sendoff sign-in``: the link and the code, how it ended, the administrator's request."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from desktop.client.api import Api
from desktop.contract.sign_in import SignInUnderWay
from desktop.shell import sign_in as command
from tests.conftest import RunningBackend
from tests.identity_provider import ANA, CLIENT, OFFICE, IdentityProvider, idp, provider
from tests.looking import eventually
from tests.shell.conftest import sendoff

__all__ = ["idp", "provider"]

SETTINGS = f'[mail]\nsign_in = "microsoft"\nsender = "{OFFICE}"\n'


@pytest.fixture
def serve(
    backends: Callable[..., RunningBackend], provider: IdentityProvider, tmp_path: Path
) -> Callable[[str], RunningBackend]:
    """Start a backend that talks to the provider, with these settings."""

    def start(settings: str) -> RunningBackend:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "settings.toml").write_text(settings)
        return backends(tmp_path / "data", provider.code)

    return start


Serve = Callable[[str], RunningBackend]


def _under_way(backend: RunningBackend, *, code: bool = False) -> SignInUnderWay:
    """Wait until a sign-in waits for a person."""
    api = Api(backend.backend)

    def look() -> SignInUnderWay | None:
        under_way = api.sign_in.read()["under_way"]
        return under_way if under_way and (under_way["device_code"] or not code) else None

    try:
        return eventually(look)
    finally:
        api.close()


@pytest.mark.parametrize("by", ["the browser", "a code"])
def test_a_sign_in_waits_for_the_person(
    serve: Serve, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr(command, "LOOK_EVERY", 0.05)
    backend = serve(f'{SETTINGS}client_id = "{CLIENT}"\n')
    with ThreadPoolExecutor(1) as shell:
        running = shell.submit(partial(sendoff, backend.data_dir, "sign-in"))
        under_way = _under_way(backend, code=True)
        if by == "a code":
            provider.enter(under_way["device_code"] or "")
        else:
            provider.follow(under_way["page"])
        done = running.result()
    assert done.returncode == 0, done.stderr
    assert under_way["page"] in done.stdout
    assert f"Signed in as {OFFICE}." in done.stdout
    assert sendoff(backend.data_dir, "sign-in", "--out").returncode == 0


def test_another_account_is_told(
    serve: Serve, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LOOK_EVERY", 0.05)
    backend = serve(f'{SETTINGS}client_id = "{CLIENT}"\n')
    with ThreadPoolExecutor(1) as shell:
        running = shell.submit(partial(sendoff, backend.data_dir, "sign-in"))
        provider.follow(_under_way(backend)["page"], "ana")
        done = running.result()
    assert done.returncode == 1
    assert f"{ANA} is signed in and may not send from {OFFICE}." in done.stderr


def test_without_a_client_id_the_request_for_the_administrator_is_printed(serve: Serve) -> None:
    done = sendoff(serve(SETTINGS).data_dir, "sign-in")
    assert done.returncode == 1
    assert "client id" in done.stderr
    assert "Please register Sendoff once" in done.stdout


def test_without_a_provider_there_is_nothing_to_sign_in_to(serve: Serve) -> None:
    done = sendoff(serve("").data_dir, "sign-in")
    assert done.returncode == 1
    assert 'sign_in = "microsoft"' in done.stderr
