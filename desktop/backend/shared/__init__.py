"""Code that several routes use.

- ``services``: the services that every route finds on the application
- ``streams``: the open event streams
- ``from_bodies``: hands items and tasks to the engine
- ``idempotency``: answers a repeated request
- ``mail``: renders and sends messages
- ``batches``: checks the rows of spreadsheets
- ``current_settings``: the settings in force; ``settings_effects`` applies them to the engine
"""
