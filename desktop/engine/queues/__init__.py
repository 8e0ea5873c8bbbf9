"""What a queue allows.

Read ``limits``, ``holds`` (and missing functions), ``outages`` (of the servers that tasks need),
``order`` (tasks that follow others), ``listing``.
"""
