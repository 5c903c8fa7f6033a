"""How do we write down a set of words so that a person can read it?"""


def words(text: str) -> frozenset[str]:
    """The words of a text.

    >>> sorted(words("bob ksh"))
    ['bob', 'ksh']
    """
    return frozenset(text.split())
