"""What a caller can have done to tasks, one verb a file; each runs inside a group.

``submit`` is the first of them, a folder of its own. A verb raises before it writes, so one
refused leaves the rest of its group whole.
"""
