"""The demonstration territory, its mail reader and its accounts; never in production."""
