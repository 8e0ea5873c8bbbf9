"""The FastAPI backend: it accepts items, shows tasks, and leaves their execution to the engine.

Read ``process`` (Sendoff's own backend), then ``composition`` and ``application``.

- ``http``: the API on any engine's tasks, which the backend adds its own parts to
- ``routes``: one file for each part of the API
- ``wire``: what requests bring and answers hold
- ``services``: what every route finds on the application
- ``submitting``: hands items and tasks to the engine
- ``batches``, ``rows``: drafts and the checks of their rows
- ``letters``, ``template_operations``, ``template_messages``: messages and templates
- ``current_settings``: the settings in force
- ``background``: what happens beside requests
- ``on_server``: a database on a server, its spare backends
"""
