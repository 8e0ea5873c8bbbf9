"""The window around lists and desk; it knows what neither shows.

Read ``main_window``, then its parts from top to bottom: ``head``, ``pins``, ``places``, ``desk``
and ``notes``, which know by ``starts`` when announced tasks start; ``dialogs`` stand over them.
``cases`` has what the rooms tell the one sentence, and what its buttons do in them. ``input``
(keys, pointer), ``halves`` and ``closing`` hold the behaviour of the window itself; ``drops`` asks
what dropped files are for. ``room`` has what the frame does for all: ``queues``, ``retention`` and
``repair`` act on those, ``open_server`` opens servers, ``help`` the help. ``notifications`` tell
the person, in the tray too, and ``unhandled_errors`` what failed unforeseen. ``exports`` write
lists, and ``open_page`` opens the page in the browser.
"""
