"""What happened, for everyone who listens.

``journal`` is the ordered, complete list of changes; ``notices`` and ``trouble`` are what a person
should know now.
"""
