"""The spine: things, the links between them, the events that happened to them."""
