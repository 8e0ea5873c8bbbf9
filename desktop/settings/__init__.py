"""The data folder, the settings and the secrets.

- ``paths``: the files of the data folder
- ``preferences``: ``settings.toml``
- ``secrets``: passwords in the keyring
- ``tokens``: the tokens of a backend
- ``opened_servers``: addresses of backends on other machines
- ``backend_file``, ``lock_file``: where the backend runs and its token, and a lock against a second
  one
- ``database_backups``: the backups of the database, and restoring one
- ``atomic``: writes files whole or not at all
- ``trusted_files``: whether others can change a file, and whether it is being written
"""
