"""When is a member's phone asked for money by itself? Mandates: scheduled and recurring collections."""
