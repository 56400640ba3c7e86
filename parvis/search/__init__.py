"""One full-text index, folded and stemmed, the same answers on both databases."""
