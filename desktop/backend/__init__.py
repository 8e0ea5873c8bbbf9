"""The FastAPI backend: it accepts items, shows tasks, and leaves their execution to the engine.

Read ``process`` (Sendoff's own backend) or ``monitor`` (the API on an app's engine), then
``composition`` and ``application``.

- ``routes``: one file for each part of the API
- ``wire``: what requests bring and answers hold, and the OpenAPI description
- ``guards``: what is checked before a route is called
- ``services``: what every route finds on the application
- ``submitting``, ``arguments``: hand items and tasks to the engine
- ``batches``, ``rows``: drafts and the checks of their rows
- ``letters``, ``template_operations``, ``template_messages``: messages and templates
- ``current_settings``: the settings in force
- ``background``: what happens beside requests
- ``lifecycle``, ``server``, ``log_files``: the process and its HTTP server
- ``on_server``, ``worker``: a database on a server, its spare backends and workers
"""
