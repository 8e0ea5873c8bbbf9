"""The window's only view of the backend: its process, its API, its events, and drafts on disk.

Read ``supervisor`` (starts, watches and restarts the ``child``, with ``health``), ``api`` with its
``calls`` (all the backend can be asked, over ``http``), ``stream`` (what it tells) and ``drafts``
(what was typed and is not answered yet).
"""
