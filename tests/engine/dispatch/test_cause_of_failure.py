"""The cause an attempt has met: told apart by a server's words, and not by whom they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.contract.causes import Cure
from desktop.engine.attempts.outcomes import Failed, Fault
from desktop.engine.reason_data import ServerAnswer
from desktop.engine.store.reads.causes import read_causes

if TYPE_CHECKING:
    from tests.engine.stepped import Stepped

MX = "mx.example.org"


def fail(stepped: Stepped, outcome: Failed, **options: Any) -> None:
    """Add a task whose attempt ends so."""
    stepped.end(stepped.add("work", **options), outcome)


def test_what_a_server_says_otherwise_with_the_same_code_is_another_cause(
    stepped: Stepped,
) -> None:
    for said in ("554 5.7.1 Relay denied", "554 5.7.1 Blocked as spam", "554 5.7.1 Relay denied"):
        answer = ServerAnswer(MX, 554, "5.7.1", said)
        fail(stepped, Failed(f"{MX} refused it: {said}", "", final=True, answer=answer))
    assert [(each["count"], each["about"]["said"]) for each in read_causes(stepped.connection)] == [
        (2, "554 5.7.1 Relay denied"),
        (1, "554 5.7.1 Blocked as spam"),
    ]


def test_the_mailbox_of_a_refused_address_tells_no_causes_apart(stepped: Stepped) -> None:
    for name in ("ada", "bo"):
        answer = ServerAnswer(MX, 550, "5.1.1", f"550 5.1.1 No mailbox {name.title()} here")
        refusal = Failed(
            f"{MX} refused the recipient: {answer.said}", "", final=True, answer=answer,
            fault=Fault(cure=Cure.CORRECT_ADDRESS),
        )  # fmt: skip
        fail(stepped, refusal, to=f"P <{name}@example.org>")
    (cause,) = read_causes(stepped.connection)
    assert cause["about"]["said"] == "550 5.1.1 No mailbox … here"
