"""The writer thread and what reaches it.

Read ``writer`` (the thread, the inbox where every other thread leaves what is to be written, and
how large a group becomes), ``core`` (one round: a transaction and what follows its commit; the
parts of a failed round are written one by one), ``notes`` (reports of attempts) and ``figures``
(rates and durations).
"""
