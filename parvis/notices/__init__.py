"""What is sent to people: the outbox, its delay, its channels."""
