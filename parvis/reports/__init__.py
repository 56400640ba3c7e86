"""Signalements: from what a resident saw to word back."""
