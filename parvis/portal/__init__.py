"""The public front door: home, quartiers, plain pages, menu."""
