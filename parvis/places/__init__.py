"""Communes, quartiers, residences and their inside; which of them hold a point."""
