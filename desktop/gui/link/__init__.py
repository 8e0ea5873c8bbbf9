"""The window's link to its backend.

``jobs`` is the one crossing between threads, ``connection`` the client and the event stream.
"""
