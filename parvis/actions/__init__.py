"""Conventions de GUP, plans and fiches action."""
