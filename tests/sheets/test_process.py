"""The memory of the child process is watched."""

from __future__ import annotations

import threading

from desktop.sheets import process
from tests import WITHIN


def test_what_is_taken_is_seen_and_the_limit_is_told() -> None:
    before = process.taken()
    reached = threading.Event()
    process.watch(before + (16 << 20), reached.set)
    assert not reached.is_set()
    block = bytearray(before + (64 << 20))  # more than the most there ever was
    block[::4096] = b"x" * len(block[::4096])
    assert reached.wait(WITHIN)
    assert process.taken() >= before + (16 << 20)
