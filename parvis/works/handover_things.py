"""Things of the thread."""
