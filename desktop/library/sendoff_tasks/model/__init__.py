"""The types of tasks that the engine and its clients share; they import only each other.

Read ``states`` (with the one table of transitions) and ``tasks``, then ``reasons`` (why a task is
in its state) and ``causes`` (what failures have in common). ``filters`` select tasks, ``queues``
limit them, ``events`` tell of changes; ``problems`` are the answers to refused requests. ``times``
and ``text`` read and write single values.
"""

from typing import Final

VERSION: Final = "0.1.0"
"""The version of the library."""
