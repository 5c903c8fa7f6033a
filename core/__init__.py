"""What a savings society is and does. Imports none of our other packages."""
