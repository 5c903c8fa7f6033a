"""Statements on paper and in files: one renderer per form."""
