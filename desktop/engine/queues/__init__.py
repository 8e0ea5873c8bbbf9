"""What a queue allows.

Read ``limits``, ``holds`` (and missing functions), ``listing``.
"""
