"""The window around it all.

Read ``main_window``; from the top down ``top_bar``, ``notices``, ``view_switch`` with ``views`` and
``status_strip``. ``window_keys``, ``window_shape`` and ``closing`` are what the window itself does.
"""
