"""Duties: work that the engine does by itself, one file each.

``stager`` carries out pending actions and queues tasks whose time has come; ``dispatch`` starts
them. ``recovery`` judges what an earlier run left behind. ``pruner`` deletes old rows and gives
disk space back. ``scrubber`` overwrites what is left of deleted rows in the files.
``clock_changes`` shifts delays when the clock is set. ``check_and_backup`` looks for damage and
makes backups, once a day.
"""
