"""Pages of reports: telling, following, reading, handling, lists and files."""
