"""Every button of the window is clicked in the real program, and does what it says."""
