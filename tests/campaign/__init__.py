"""What kill -9, power cuts, a failing fsync and a full disk do to the real program, many times."""
