"""The window around the views.

Read ``main_window``, then its parts from top to bottom: ``top_bar``, ``notices``, ``views``, and
``status_strip``. ``sheets`` lie over them. ``input`` (keys, wheel, dropped files),
``window_shape``, ``closing`` and ``tray`` hold the behaviour of the window itself.
"""
