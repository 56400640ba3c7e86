"""Running the installation: serve, clock, health, lists."""
