"""The ``import`` statement as Python has it, also with Qt."""

from __future__ import annotations

import builtins


def import_shiboken() -> None:
    """Import what Qt for Python rests on, and take back what that adds to each later import.

    For ``from __feature__ import …``, which we do not use, it reads the source of every module and
    keeps it: a tenth of the window's start, and 10 MB.

    Raises:
        ImportError: it is not installed.
    """
    import shiboken6  # noqa: F401

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
