"""What can be done with savings? One file per kind of thing a person, or the end of a day, does."""
