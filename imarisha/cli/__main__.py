"""`python -m imarisha.cli`, which is how the demo starts its children."""

from imarisha.cli import main

main()
