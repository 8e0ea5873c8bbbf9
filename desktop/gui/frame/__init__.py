"""The window around the views; it knows none of them.

Read ``main_window``, then its parts from top to bottom: ``top_bar``, ``shelf``, ``notices`` (notes
and questions) and ``views``; ``sheets`` lie over them. ``cases`` has what the rooms tell the one
sentence, and what its buttons do in them. ``input`` (keys, pointer, dropped files),
``form_column`` and ``closing`` hold the behaviour of the window itself. ``room`` has what
the frame does for all: ``queues``, ``retention`` and ``repair`` act on those, ``open_server`` opens
servers, ``help_sheets`` the help. ``notifications`` tell the person, in the tray too, and
``unhandled_errors`` what failed unforeseen. ``exports`` write lists, and ``open_page`` opens the
page in the browser.
"""
