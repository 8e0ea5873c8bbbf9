"""The one sentence of the window: what is the case now, with the one thing to do.

Read ``facts`` (what it is made of), ``statement`` (what is said of a case), then the cases in their
order: ``stops``, by which nothing is sent, and ``cases``, which has all of them. ``awake``,
``at_login`` and ``tray_state`` follow the same facts outside the window.
"""
