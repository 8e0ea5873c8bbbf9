"""Several processes on one data folder: one owns it and runs tasks, the others submit to it.

::

    worker 1 (owner)                                 worker 2, 3, 4, a script
    engine ── LineServer ◄── one line at a time ──── Submitter ◄── add_task
                         ──► answers after COMMIT ──►

Read ``sharing`` (a process of the app joins, takes over, leaves), ``visiting`` (a script that only
submits), ``submitting`` (the thread of both), ``submitter`` (what waits for the owner),
``line_server`` (the owner's side), ``wire`` (the format of lines) and ``sockets`` (the connections
for lines). ``verbs.lines`` does the requests of a line exactly once.

On a server the lines are rows of a table: see ``server``. ``workers`` are the verbs for processes
that run tasks for another one. ``app_sessions`` are the database sessions in whose transactions an
app hands tasks over.
"""

from desktop.engine.processes.sharing import Member, Sharing
from desktop.engine.processes.visiting import Visiting

__all__ = ["Member", "Sharing", "Visiting"]
