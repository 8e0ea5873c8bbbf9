"""Work that the engine does by itself, one duty a file.

``stager`` starts what is due, ``recovery`` judges what an earlier run left behind, ``pruner`` and
``trimmer`` forget what is old, ``tidying`` spreads that over quiet moments, ``drift`` follows a
clock that was changed, ``upkeep`` makes backups and checks, ``integrity`` looks for damage,
``restored`` begins with a backup.
"""
