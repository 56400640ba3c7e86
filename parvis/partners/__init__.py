"""People, organisations, mandates, agreements, invitations, sign-in and rights."""
