"""A process' part in a database on a server: it runs the tasks, alone."""

from __future__ import annotations

from typing import Final

from desktop.engine.facade.engine import Engine

ONE_PROCESS: Final = "Tasks in a database are added by the one process that runs its app."


class OnServer:
    """Starts the app's engine, and stops it."""

    def __init__(self, engine: Engine, grace: float) -> None:
        self._engine = engine
        self._grace = grace

    def join(self) -> None:
        """Start; blocks meanwhile. Raises what starting the engine does."""
        self._engine.start()

    def ready(self) -> None:
        """Do nothing: there is no monitor to be let in."""

    def leave(self) -> None:
        """Stop the engine."""
        self._engine.stop(self._grace)
