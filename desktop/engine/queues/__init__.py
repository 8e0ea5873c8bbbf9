"""What a queue allows: limits, holds and outages, and the order of tasks.

Read ``limits``, ``holds`` (also for missing functions), ``outages`` (servers out of reach),
``unable`` (processes that cannot run a queue that others can), ``followers`` (tasks that start
after other tasks) and ``listing``.
"""
