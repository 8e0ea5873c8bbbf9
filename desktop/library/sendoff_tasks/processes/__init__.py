"""Several processes on one data folder: one owns it and runs tasks, the others submit to it.

::

    worker 1 (owner)                                 worker 2, 3, 4, a script
    engine ── LineServer ◄── one line at a time ──── Submitter ◄── add_task
                         ──► answers after COMMIT ──►

Read ``sharing`` (a process of the app joins, takes over, leaves; a script only submits),
``submitting`` (what waits for the owner, and the owner's side), ``wire`` (the format of lines) and
``sockets`` (the connections for lines). ``verbs.lines`` does the requests of a line exactly once.

On a server the lines are rows of a table, and only programs with such a database import
``on_server`` (a process of the app, and a script), ``server_link`` (their sessions with the
server) and ``workers`` (how these are followed).
"""

from sendoff_tasks.processes.sharing import Member, Sharing, SubmitOnly

__all__ = ["Member", "Sharing", "SubmitOnly"]
