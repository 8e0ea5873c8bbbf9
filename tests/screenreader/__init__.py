"""The main job as a screen reader does it, on the accessibility bus of a virtual screen."""
