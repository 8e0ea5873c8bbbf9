"""Imports without what large packages do at theirs for features that are not used."""

from __future__ import annotations

import builtins
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_PLUGINS: Final = "PYDANTIC_DISABLE_PLUGINS"
_UNUSED: Final = ("email_validator", "pydantic.v1")


def import_shiboken() -> None:
    """Import what Qt for Python rests on, and take back what that adds to each later import.

    For ``from __feature__ import …``, which we do not use, it reads the source of every module and
    keeps it: a tenth of the window's start, and 10 MB.

    Raises:
        ImportError: it is not installed.
    """
    import shiboken6  # noqa: F401

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


@contextmanager
def without_looking_for_more() -> Iterator[None]:
    """Import FastAPI, and make its routes, without what both would import for others.

    That is email-validator, for a field of a description of the API which ours has not, and version
    1 of pydantic, to refuse its models in routes; and pydantic reads the metadata of all packages
    that are installed, for plugins. It is a twentieth of the start of a backend. What is imported
    after the block finds them as always.
    """
    unused = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(unused))  # type: ignore[arg-type]  # None: not to be found
    is_chosen = NO_PLUGINS in os.environ
    os.environ.setdefault(NO_PLUGINS, "__all__")
    try:
        yield
    finally:
        if not is_chosen:
            del os.environ[NO_PLUGINS]
        for name in unused:
            del sys.modules[name]
