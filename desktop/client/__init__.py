"""The window's only view of the backend: its process, its API, its events, and drafts on disk.

- ``supervisor``: starts, watches and restarts the backend (``child``, ``health``)
- ``at_address``: follows a backend on a server (``server_fault``)
- ``api`` with ``calls``: the API, one method for each request, over ``http`` (``http_errors``)
- ``stream``: the event stream
- ``drafts``: input that the backend has not answered yet
"""
