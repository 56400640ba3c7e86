"""Confidential orientations of households in difficulty, the doors that help them, and counts."""
