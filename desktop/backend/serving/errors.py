"""Why the backend does not start; each text is one sentence for stderr.

::

    StartError          exit status 1
    ├── FolderTaken     exit status 1, or to the window that started it FOLDER_TAKEN
    ├── DatabaseDamaged exit status 1, or to the window that started it STORE_DAMAGED
    └── UsageError      exit status 2: it was asked for in a way that cannot be
"""

from __future__ import annotations


class StartError(Exception):
    """The backend cannot run here and now."""


class FolderTaken(StartError):
    """Another backend has the data folder, perhaps one that is about to leave."""


class DatabaseDamaged(StartError):
    """The database cannot be read; its newest backup may take its place."""


class UsageError(StartError):
    """The command line asks for something that cannot be."""
