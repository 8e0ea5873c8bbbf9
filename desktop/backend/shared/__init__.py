"""What the routes share.

``services`` holds it all, ``streams`` the event streams that are open; ``from_bodies`` accepts
items and tasks, ``idempotency`` answers a call that comes again, ``mail`` renders and sends
messages, ``batches`` checks and starts spreadsheets, ``current_settings`` are the settings in
force.
"""
