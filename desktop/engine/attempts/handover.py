"""What was handed over past a point of no return: the evidence where no answer comes."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was handed over, to whom, and when, in epoch ms; both texts may be empty."""

    at: int
    what: str = ""
    to: str = ""

    def encode(self) -> str:
        """Write it as the store keeps it."""
        return json.dumps({"at": self.at, "what": self.what, "to": self.to}, ensure_ascii=False)

    @classmethod
    def decode(cls, text: str) -> HandOver:
        """Read what :meth:`encode` wrote."""
        return cls(**json.loads(text))

    @property
    def sentence(self) -> str:
        """Say it to a person, without a full stop; empty where the task has told nothing."""
        if not self.what and not self.to:
            return ""
        to = f" to {self.to}" if self.to else ""
        return f"Handed over{to}: {self.what}" if self.what else f"Handed over{to}"
