"""What a caller can have done to tasks, one verb a file; each runs inside a group.

A verb raises before it writes, so that one refused leaves the rest of its group whole.
"""
