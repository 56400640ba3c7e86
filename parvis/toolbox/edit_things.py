"""How the things of this part stand on the thread."""
