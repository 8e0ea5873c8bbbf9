"""What a queue allows.

Read ``limits``, ``holds`` (and pauses, and missing functions), ``listing``.
"""
