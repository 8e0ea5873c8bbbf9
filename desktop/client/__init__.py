"""The window's only view of the backend: its process, its API and its events.

- ``supervisor``: starts, watches and restarts the backend (``child``, ``health``)
- ``server_watch``: follows a backend on a server
- ``api`` with ``calls``: the API, one method for each request, over ``http``
- ``stream``: the event stream
"""
