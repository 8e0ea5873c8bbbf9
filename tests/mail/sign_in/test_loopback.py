"""The listener takes one answer, with the right state, and closes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest

from desktop.mail.sign_in.loopback import BrowserAnswer, Loopback
from tests import WITHIN


class Answers(list[BrowserAnswer]):
    """The answers that counted."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Event()

    def take(self, answer: BrowserAnswer) -> None:
        self.append(answer)
        self.came.set()


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def loopback(answers: Answers) -> Iterator[Loopback]:
    found = Loopback("the state", answers.take)
    yield found
    found.close()


def _get(loopback: Loopback, path: str, **told: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{loopback.port}{path}", params=told, timeout=WITHIN)


def test_an_answer_is_taken_and_the_listener_closes(loopback: Loopback, answers: Answers) -> None:
    page = _get(loopback, "/", state="the state", code="c0de")
    assert page.status_code == 200
    assert "Go back to Sendoff" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert answers.came.wait(WITHIN)
    assert answers == [{"state": "the state", "code": "c0de"}]
    with pytest.raises(httpx.ConnectError):
        _get(loopback, "/", state="the state", code="another")
    assert len(answers) == 1


@pytest.mark.parametrize("state", ["", "another", "the state ", "thé state"])
def test_a_forged_state_is_no_answer(loopback: Loopback, answers: Answers, state: str) -> None:
    assert _get(loopback, "/", state=state, code="f0rged").status_code == 400
    assert _get(loopback, "/favicon.ico").status_code == 400
    assert answers == []
    assert _get(loopback, "/", state="the state", code="c0de").status_code == 200
    assert answers.came.wait(WITHIN)
    assert answers[0]["code"] == "c0de"


def test_an_answer_is_never_printed(
    loopback: Loopback, answers: Answers, capfd: pytest.CaptureFixture[str]
) -> None:
    _get(loopback, "/", state="the state", code="c0de")
    assert answers.came.wait(WITHIN)
    assert "".join(capfd.readouterr()) == ""
