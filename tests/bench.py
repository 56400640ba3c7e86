"""The bench of the suite; loaded as a plugin before settings are read."""
