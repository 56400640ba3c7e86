"""Forms of reports: telling, following, handling, filtering."""
