"""Some conversations, always the same ones: no promise is broken, and each mistake is found."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulation.__main__ import main
from tests.simulation.mail_server.conversation import Conversation
from tests.simulation.mail_server.grammar import MANNERS
from tests.simulation.mail_server.plants import PLANTS

SEEDS = range(20_261_125, 20_261_125 + 150)
WITHIN = (1, 2, 20, 32, 93, 299, *range(400))
"""It begins with seeds that found a mistake before."""


def test_no_promise_is_broken_and_everything_is_said() -> None:
    happened: Counter[str] = Counter()
    for seed in SEEDS:
        conversation = Conversation(seed)
        broken = conversation.play(happened)
        assert broken is None, f"seed {seed}:\n{conversation}\n→ {broken}"
    assert {f"it said: {manner}" for manner in (*MANNERS, "proper", "unasked")} <= {*happened}
    fates = ("succeeded", "later", "refused", "uncertain")
    assert all(happened[f"an attempt ended: {fate}"] > 10 for fate in fates)


@pytest.mark.parametrize("wrong", PLANTS)
def test_each_mistake_is_found(wrong: str) -> None:
    with PLANTS[wrong]():
        seed = next(seed for seed in WITHIN if Conversation(seed).play() is not None)
    assert Conversation(seed).play() is None  # it was the mistake, not the client


def test_a_seed_always_comes_to_the_same_end() -> None:
    first, second = Conversation(4), Conversation(4)
    assert first.play() == second.play()
    assert [line for line in first.transcript if "@" not in line] == [
        line for line in second.transcript if "@" not in line
    ]


def test_the_command_tells_what_was_said_and_what_was_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--mail", "40"]) == 0
    assert "| the fate is true |" in capsys.readouterr().out
    with PLANTS["no look before the dot"]():
        assert main(["--mail", "40"]) == 1
    assert "→ what nothing asked for ends it: " in capsys.readouterr().out
