"""What has to do with mail: its settings, its templates, and practice mode."""
