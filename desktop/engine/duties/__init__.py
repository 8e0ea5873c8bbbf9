"""Work that the engine does by itself, one duty a file.

``stager`` starts what is due, ``due`` makes tasks that have a schedule, ``recovery`` judges what an
earlier run left behind, ``pruner`` forgets what is old, ``tidying`` does that in quiet moments and
gives the room back, ``drift`` follows a clock that was changed, ``upkeep`` looks for damage and
makes backups, ``restored`` begins with a backup.
"""
