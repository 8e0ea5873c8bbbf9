"""Several processes on one data folder: one owns it and runs tasks, the others submit to it.

::

    worker 1 (owner)                                worker 2, 3, 4, a script
    engine ── Reception ◄── one line at a time ──── Submitter ◄── add_task
                        ──► answers after COMMIT ──►

Read ``sharing`` (the one public entry: a process joins, takes over, leaves), ``submitter`` (what
waits for the owner), ``reception`` (the owner's side), ``wire`` (what stands in a line) and
``sockets`` (where the lines go). ``verbs.lines`` accepts a line, once.
"""

from desktop.engine.processes.sharing import Sharing

__all__ = ["Sharing"]
