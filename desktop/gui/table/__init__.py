"""The live task table: its model of pages, its view, and the chips and search that filter it."""
