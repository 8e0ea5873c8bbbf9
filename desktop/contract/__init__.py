"""The words the window and the backend share: frozen data that imports nothing of ours.

Read ``states`` (with their one table of transitions), ``tasks`` and ``items``, then ``reasons`` and
``causes``: why a task is where it is, and what failures have in common. ``rules`` say what may be
typed; ``refusals`` and ``problems`` are how a wish is refused.
"""
