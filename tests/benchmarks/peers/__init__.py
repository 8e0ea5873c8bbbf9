"""The rivals: one small driver each, all given the same work by the same processes."""
