"""What a queue allows.

Read ``limits`` (and how queues are told), then ``holds`` (and missing functions).
"""
