"""The overview, drawn: ``place`` makes it when it is first seen; its view has cards and curves."""
