"""Who owns, manages and keeps up what, between two dates."""
