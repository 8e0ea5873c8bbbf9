"""The words the window and the backend share: frozen data that imports nothing of ours."""
