"""Backends that share a database on a server: each answers every request, one runs the tasks.

::

    client ── Spare ── parts of the request, as rows of the database ──► Deciding ── the app
                   ◄── parts of the answer ─────────────────────────────

Read ``spare`` (a backend that does not run the tasks), ``deciding`` (the one that does),
``exchange`` (one request with its answer, at each of both ends), ``body`` (a request's body, which
may be needed again) and ``relaying`` (the thread of both that talks with the server).
"""
