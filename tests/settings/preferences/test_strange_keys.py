"""Keys of settings.toml that mean nothing are told, with what was meant."""

from __future__ import annotations

import pytest

from desktop.settings.preferences.strange_keys import strange_keys


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[queues.quick]\nrat = "3/min"', "`queues.quick.rat`; did you mean `rate`?"),
        ("[queue.quick]\nconcurrency = 1", "`queue`; did you mean `queues`?"),
        ("[mail]\nprot = 25", "`mail.prot`; did you mean `port`?"),
        ("[window]\ncolour = 1", "`window.colour`."),
        ("theme = 1", "`theme`."),
    ],
)
def test_a_key_that_means_nothing_is_told(text: str, told: str) -> None:
    assert strange_keys(text.encode()) == [f"settings.toml: there is no {told}"]


@pytest.mark.parametrize(
    "text",
    [
        '[mail]\nport = 25\n[window]\ngrace_seconds = 1\n[queues.any]\nrate = "3/s"\nconcurrency=2',
        "queues = 7\n[mail",
        "queues = 7",
        "[queues]\nmail = 7",
        "",
    ],
)
def test_what_is_known_or_cannot_be_read_is_not(text: str) -> None:
    assert strange_keys(text.encode()) == []
