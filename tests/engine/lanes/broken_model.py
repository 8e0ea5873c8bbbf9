"""A model that cannot be written down; alone, because pydantic would cost each process 0.15 s."""

from __future__ import annotations

from pydantic import BaseModel, field_serializer


class Broken(BaseModel):
    ink: int = 0

    @field_serializer("ink")
    def write(self, ink: int) -> int:
        raise RuntimeError("out of ink")
