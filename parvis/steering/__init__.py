"""The partners' home: what awaits them, late first."""
