"""What can be done with a loan? One file per kind of thing a member, a colleague, or the end of a day does."""
