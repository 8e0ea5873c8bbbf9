"""The data folder, the settings and the secrets.

- ``office_folder``: the files of the data folder
- ``preferences``: ``settings.toml``
- ``secrets``: passwords in the keyring
- ``autostart``: the desktop's entry that opens Sendoff when the computer starts
- ``tokens``: the tokens of a backend
- ``backend_addresses``, ``lock_file``: where backends are and the token of the folder's own, and a
  lock against a second one
- ``database_backups``: the backups of the database, and restoring one
- ``safe_files``: writes files whole or not at all, and tells whether others can change a file and
  whether it is being written
"""
