"""How the database came to its present shape: one file per change, applied by `imarisha migrate`."""
