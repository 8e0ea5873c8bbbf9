"""The window's link to its backend.

``jobs`` is the one crossing between threads, ``connection`` the client and the event stream.
``drafts`` keep on disk what is typed and not saved, or not answered yet.
"""
