"""Statements of M-Pesa and banks, read line by line: one reader per form."""
