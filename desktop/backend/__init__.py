"""The local FastAPI backend: takes items, shows tasks, and leaves the work to the engine.

Read ``process`` (Sendoff's own backend) or ``monitor`` (the way into an app's engine), then
``front``, ``composition`` and ``application``. ``relay`` is between backends that share a database
on a server. ``routes`` has one file for each part of the API; ``wire`` is
what goes over it, and its description; ``guards`` stand before it, ``shared`` is what the routes
share, ``following`` the files that change, ``serving`` the server and its process.
"""
