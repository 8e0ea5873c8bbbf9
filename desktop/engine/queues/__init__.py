"""What a queue allows.

Read ``limits``, ``holds`` (and pauses), ``functionless`` (their function is gone), ``listing``.
"""
