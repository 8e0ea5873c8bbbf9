"""The one writing thread and what reaches it.

Read ``inbox`` (where every thread leaves what is to be written), ``writer`` (the thread), ``core``
(one round: one transaction and what follows its commit), ``salvage`` (its parts one by one where it
failed), ``notes`` (what attempts report; ``note_rows`` for those of workers) and
``figures`` (how much starts and ends, and how long it waits and runs).
"""
