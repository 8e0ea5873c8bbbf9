"""The window's link to its backend, and to what it keeps on disk.

``jobs`` is the one crossing between threads, ``connection`` the client and the event stream, and
``typed_drafts`` keeps on disk what is typed and not saved.
"""
