"""``sendoff doctor``: checks the machine, the store and the mail, and says what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's output.

    If not ``ok``, a person has to act, and ``text`` says how.
    """

    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok' if self.ok else 'look':<5}{self.text}"


def ok(text: str) -> Finding:
    """Return a finding without a problem."""
    return Finding(ok=True, text=text)


def look(text: str) -> Finding:
    """Return a finding with a problem; the text says what to do."""
    return Finding(ok=False, text=text)
