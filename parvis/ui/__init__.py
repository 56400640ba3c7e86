"""Page shell, components, tokens, map and charts; it knows no domain."""
