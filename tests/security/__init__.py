"""What docs/security.md promises, walked over every URL."""
