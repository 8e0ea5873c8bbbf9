"""A shell: the real program with arguments, on the data folder of a real backend."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from desktop.client.api import Api
from desktop.contract.batches import Batch
from tests import forked
from tests.conftest import RunningBackend
from tests.looking import eventually

Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def shell(backend: RunningBackend) -> Shell:
    """Run ``sendoff`` with these arguments against the test's backend."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        first = forked.FORK_READERS if arguments[0] in {"import", "report"} else ""
        return forked.run([*arguments, "--data-dir", str(backend.data_dir)], first)

    return run


def batch_done(api: Api, number: int) -> Batch:
    """Wait until every row of a batch has come to its end."""

    def done() -> Batch | None:
        batch = api.batches.one(number)
        return batch if batch["state"] == "done" else None

    return eventually(done)
