"""What a queue allows.

Read ``limits`` and ``batch_limits``, ``holds`` (and missing functions), ``outages`` (of the servers
that tasks need), ``unable`` (processes that others stand in for), ``followers`` (tasks that begin
after others) and ``listing``.
"""
