"""What the routes share.

``parts`` holds it all, the open event streams too; ``scheduling`` accepts items and tasks,
``idempotency`` answers a call that comes again, ``letters`` renders messages, ``current_settings``
and ``notices`` are the settings in force and what a person should know.
"""
