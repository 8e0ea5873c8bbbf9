"""Verbs: what callers can have done to tasks, one file each; a verb runs inside a group.

``submit`` is the first verb. A verb raises before it writes anything, so a refused verb leaves the
rest of its group intact. ``bulk`` does a verb to many tasks, ``pending`` does so later. ``repeats``
is for several verbs; ``lines`` reads the calls that come from other processes.
"""
