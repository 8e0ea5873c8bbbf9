"""What happened, for everyone who listens.

``journal`` is the ordered, complete list of changes; ``notices`` is the one notice board, with what
a person should know now.
"""
