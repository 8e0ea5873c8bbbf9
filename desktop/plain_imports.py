"""Faster imports of large packages: without their work for features that are not used."""

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
    """Import Shiboken, the base of Qt for Python, and remove its hook from later imports.

    For ``from __feature__ import …``, which Sendoff does not use, the hook reads and keeps the
    source of every module: a tenth of the window's start, and 10 MB.

    Raises:
        ImportError: Shiboken is not installed.
    """
    import shiboken6  # noqa: F401

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


@contextmanager
def without_looking_for_more() -> Iterator[None]:
    """Import FastAPI and make its routes in the block, without three costs Sendoff does not need.

    - FastAPI imports email-validator for a field that this API's description does not have.
    - FastAPI imports pydantic's version 1 to refuse its models in routes.
    - pydantic reads the metadata of all installed packages to find plugins.

    Together they are a twentieth of a backend's start. After the block all three work as usual.
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
