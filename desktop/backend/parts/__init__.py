"""What the routes share.

``parts`` holds it all; ``scheduling`` accepts items and tasks, ``idempotency`` answers a call that
comes again, ``letters`` renders messages, ``current_settings`` and ``streams`` are the settings in
force and the open event streams.
"""
