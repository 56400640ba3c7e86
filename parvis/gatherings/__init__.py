"""Dates with people: registration, seats, waiting list, attendance, calendar file."""
