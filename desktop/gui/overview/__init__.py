"""The overview, drawn. ``lazy_overview`` makes it when it is first seen; it has cards and curves."""
