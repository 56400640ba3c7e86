"""Hostile words and planted secrets, walked through every page, file and message of the house."""
