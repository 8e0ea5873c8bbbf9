"""The FastAPI backend: it accepts items, shows tasks, and leaves their execution to the engine.

Read ``process`` (Sendoff's own backend) or ``monitor`` (the API on an app's engine), then
``front``, ``composition`` and ``application``.
``spare`` is a backend that waits to take over the tasks of a database on a server.

- ``routes``: one file for each part of the API
- ``wire``: the bodies of requests and answers, and their OpenAPI description
- ``guards``: limits that are checked before a route is called
- ``shared``: code that several routes use
- ``following``: reacts to changed files and settings, and does background work
- ``serving``: the HTTP server and its process
"""
