"""Renewal projects, operations, chantiers, announcements, handover, durability."""
