"""Parvis: gestion urbaine de proximité, one platform, one thread."""
