"""A block that is refused for a reason."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from sendoff_tasks.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def refused(refusal: str, **data: Any) -> Iterator[None]:
    """Expect the block to raise ``Conflict`` for a refusal with, among others, these data."""
    with pytest.raises(Conflict) as found:
        yield
    error = found.value
    assert (error.refusal, {**error.data, **data}) == (refusal, error.data)
