"""The window around the views; it knows none of them.

Read ``main_window``, then its parts from top to bottom: ``top_bar``, ``notices``, ``views``, and
``status_strip``. ``sheets`` lie over them. ``input`` (keys, wheel, dropped files),
``window_shape``, ``closing`` and ``tray`` hold the behaviour of the window itself. ``room`` joins
what the frame does for all: ``queues`` and ``repair`` act on queues and the database, ``opening``
opens servers, ``help`` its sheets. ``grace_period`` offers *Undo* for new tasks, ``notifications``
tell the person, ``exports`` write lists, ``unfinished`` offers drafts that the last window left.
"""
