"""The overview, drawn. ``lazy_overview`` makes it when first seen; it has cards and curves."""
