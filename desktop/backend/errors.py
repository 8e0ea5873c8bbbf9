"""Why the backend does not start; each text is one sentence for stderr.

::

    StartError          exit status 1
    └── UsageError      exit status 2: it was asked for in a way that cannot be
"""

from __future__ import annotations


class StartError(Exception):
    """The backend cannot run here and now."""


class UsageError(StartError):
    """The command line asks for something that cannot be."""
