"""The engine beside a small model of itself: any calls, in any order, with crashes in between."""
