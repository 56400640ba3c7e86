"""Instances, séances, agenda, relevés de décisions."""
