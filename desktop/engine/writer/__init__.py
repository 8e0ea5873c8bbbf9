"""The writer thread and what reaches it.

Read ``writer`` (the thread, and the inbox where every other thread leaves what is to be written),
``gathering`` (how large a group becomes), ``core`` (one round: a transaction and what follows its
commit), ``salvage`` (writes the parts of a failed round one by one), ``notes`` (reports of
attempts, of the kinds in ``note_kinds``; ``note_rows`` for those of workers) and ``figures`` (rates
and durations).
"""
