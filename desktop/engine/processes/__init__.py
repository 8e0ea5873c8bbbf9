"""Several processes on one data folder: one owns it and runs tasks, the others submit to it.

::

    worker 1 (owner)                                 worker 2, 3, 4, a script
    engine ── LineServer ◄── one line at a time ──── Submitter ◄── add_task
                         ──► answers after COMMIT ──►

Read ``sharing`` (a process of the app joins, takes over, leaves), ``visiting`` (a script that only
submits), ``submitting`` (the thread of both), ``submitter`` (what waits for the owner),
``line_server`` (the owner's side), ``wire`` (what stands in a line) and ``sockets`` (where the
lines go). ``verbs.lines`` accepts a line, once.

On a server the lines are rows of a table: see ``on_server`` (the part of each process) and
``server_link`` (its sessions), which only what has a database imports; ``guests`` are users who may
hand over, and nothing else. ``watching`` follows the workers, ``workers`` are its verbs.
"""

from desktop.engine.processes.sharing import Sharing
from desktop.engine.processes.visiting import Visiting

__all__ = ["Sharing", "Visiting"]
