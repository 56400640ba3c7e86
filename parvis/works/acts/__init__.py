"""Acts of this room: what changes projects, worksites and deliveries."""
