"""A model that cannot be kept; alone, because pydantic would cost each process 0.15 s."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Ink:
    """Nothing says how it is written down."""


class Broken(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    ink: Ink
