"""The window around the views; it knows none of them.

Read ``main_window``, then its parts from top to bottom: ``top_bar``, ``notices``, ``views``, and
``status_strip``. ``sheets`` lie over them. ``input`` (keys, pointer, dropped
files), ``window_shape`` and ``closing`` hold the behaviour of the window itself. ``room`` has what
the frame does for all: ``queues`` and ``database`` act on those, ``opening`` opens servers,
``help_sheets`` the help. ``notifications`` tell the person, in the tray too, ``exports`` write
lists, ``drafts`` keep what is typed and not saved.
"""
