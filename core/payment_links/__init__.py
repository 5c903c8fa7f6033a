"""How does somebody pay who has only an address? Links to a page that prompts the phone one types there."""
