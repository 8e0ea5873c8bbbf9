"""Events: what happened, for everyone who listens.

``journal`` is the ordered, complete list of changes. ``notices`` is the notice board, with what a
person should know now.
"""
