"""The writer thread and what reaches it.

Read ``inbox`` (where every thread leaves what is to be written), ``worker_wait`` (whether a group
waits for workers), ``writer`` (the thread), ``core`` (one round: a transaction and what follows its
commit), ``salvage`` (writes the parts of a failed round one by one), ``notes`` (reports of
attempts, of the kinds in ``note_kinds``; ``note_rows`` for those of workers) and ``figures`` (rates
and durations).
"""
