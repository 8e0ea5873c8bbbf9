"""The campaigns of an app that several processes serve."""
