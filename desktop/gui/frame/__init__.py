"""The window around the views.

Read ``main_window``, then its parts from top to bottom: ``top_bar``, ``notices``, ``view_switch``
with ``views``, and ``status_strip``. ``window_keys``, ``window_shape`` and ``closing`` hold the
behaviour of the window itself.
"""
