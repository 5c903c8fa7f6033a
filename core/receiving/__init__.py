"""What happens with money that came to the paybill? Whose it is, what for, and who decides where that is unsure."""
