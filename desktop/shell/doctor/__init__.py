"""``sendoff doctor``: looks at all that Sendoff stands on, and says what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: all is ``ok``, or a person has to look; then ``text`` says what to do."""

    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok' if self.ok else 'look':<5}{self.text}"


def ok(text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(ok=True, text=text)


def look(text: str) -> Finding:
    """Say what is not, and what to do."""
    return Finding(ok=False, text=text)
