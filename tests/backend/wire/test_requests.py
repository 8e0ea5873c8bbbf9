"""An answer with any text is JSON in UTF-8."""

from __future__ import annotations

import json

from desktop.backend.wire.requests import to_json


def test_text_stays_readable() -> None:
    assert to_json({"a": "zwölf"}) == '{"a":"zwölf"}'.encode()


def test_half_a_character_is_escaped_and_reads_back() -> None:
    assert json.loads(to_json("\ud800 and \\ud800")) == "\ud800 and \\ud800"


def test_what_is_nested_deeply_is_written_too() -> None:
    nested: list[object] = []
    for _ in range(500):
        nested = [nested]
    assert json.loads(to_json(nested)) == nested
