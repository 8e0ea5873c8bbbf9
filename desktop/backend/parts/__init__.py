"""What the routes share.

``parts`` holds it all; ``scheduling`` accepts items and tasks, ``idempotency`` answers a call that
comes again, ``letters`` renders messages, ``current_settings``, ``streams`` and ``notices`` are the
settings in force, the open event streams and what a person should know.
"""
