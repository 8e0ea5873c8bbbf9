"""The person's settings, in ``settings.toml``; no secrets.

- ``mail``: the mail server
- ``queue_limits``: the limits of queues
- ``retention``: how long things are kept
- ``settings_file``: the whole file, the settings of the window, and keys that are probably misspelt
"""
