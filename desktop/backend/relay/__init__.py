"""Relays requests between backends that share a database: each answers, one runs the tasks.

::

    client ── Spare ── parts of the request, as rows of the database ──► Deciding ── the app
                   ◄── parts of the answer ─────────────────────────────

Read ``spare`` (a backend that does not run the tasks), ``deciding`` (the backend that does),
``exchange`` (one request with its answer, at one of the two ends) and ``relaying`` (the thread of
both that talks to the database).
"""
