"""A shell: the program with arguments, on the data folder of a real backend.

A command runs in the tests' own process, which has its imports; ``test_command_line`` and
``test_watch`` run it in one of its own.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path

import pytest

from desktop import cli
from desktop.client.api import Api
from desktop.contract.batches import Batch
from tests.conftest import RunningBackend
from tests.looking import eventually

Shell = Callable[..., subprocess.CompletedProcess[str]]


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``sendoff`` with these arguments."""
    with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()) as complained:
        try:
            code = cli.run(arguments)
        except SystemExit as ended:  # by argparse
            code = int(ended.code or 0)
    return subprocess.CompletedProcess(arguments, code, said.getvalue(), complained.getvalue())


def sendoff(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``sendoff`` with these arguments on a data folder."""
    return program(*arguments, "--data-dir", str(folder))


@pytest.fixture
def shell(backend: RunningBackend, forked_readers: None) -> Shell:
    """Run ``sendoff`` with these arguments against the test's backend."""
    return partial(sendoff, backend.data_dir)


def batch_done(api: Api, number: int) -> Batch:
    """Wait until every row of a batch has come to its end."""

    def done() -> Batch | None:
        batch = api.batches.one(number)
        return batch if batch["state"] == "done" else None

    return eventually(done)
