"""The one writing thread and what reaches it.

Read ``inbox`` (where every thread leaves what is to be written), ``writer`` (the thread), ``core``
(one round: one transaction and what follows its commit), ``written`` (its answers), ``notes`` (what
attempts report), ``salvage`` (what failed together is written one by one), ``throughput`` and
``durations`` (how much starts and ends, and how long it waits and runs).
"""
