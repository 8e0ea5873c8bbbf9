"""The one writing thread and what reaches it.

Read ``inbox`` (where every thread leaves what is to be written), ``writer`` (the thread), ``core``
(one round: one transaction), ``ledger`` and ``notes`` (what attempts report), ``written`` (the
answer of a commit), ``throughput`` (how much started and finished of late).
"""
