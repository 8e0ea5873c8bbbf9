"""The local FastAPI backend: takes items, shows tasks, and leaves the work to the engine.

Read ``process`` (Sendoff's own backend) or ``monitor`` (the door to an app's engine), then
``composition`` and ``application``. ``routes`` are one file for each part of the API; ``wire`` is
what goes over it, ``guards`` stand before it, ``parts`` are what the routes share, ``description``
is OpenAPI, ``following`` the files that change, ``serving`` the server.
"""
