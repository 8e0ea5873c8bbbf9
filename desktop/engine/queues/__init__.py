"""What a queue allows.

Read ``limits``, ``holds``, ``pauses``, ``functionless`` (their function is gone), ``listing``.
"""
