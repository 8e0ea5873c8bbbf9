"""Answers to those who wait."""

from __future__ import annotations

import threading

import pytest

from desktop.engine.transaction.replies import ThreadReply, answer

PATIENCE = 30.0


def test_a_thread_waits_for_its_answer() -> None:
    reply = ThreadReply()
    heard: list[int] = []
    thread = threading.Thread(target=lambda: heard.append(reply.wait()))
    thread.start()
    answer([(reply, (17, None))])
    thread.join(PATIENCE)
    assert heard == [17]


def test_an_error_is_raised_where_the_answer_is_waited_for() -> None:
    reply = ThreadReply()
    answer([(reply, (None, ValueError("no room")))])
    with pytest.raises(ValueError, match="no room"):
        reply.wait()
