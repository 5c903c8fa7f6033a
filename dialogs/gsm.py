"""How long is a text on the network, and which letters may stand in it? The alphabet of 3GPP TS 23.038."""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
_ALPHABET = BASIC | EXTENSION

# Marks that word processors put in and that have a plain twin.
_PLAIN_TWINS = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "`": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u202f": " ",
        "\t": " ",
    }
)


def septets(text: str) -> int:
    """Seven-bit units the text takes on the network; letters of the extension table take two.

    >>> septets("KES 100"), septets("[1]")
    (7, 5)
    """
    if EXTENSION.isdisjoint(text):
        return len(text)
    return len(text) + sum(letter in EXTENSION for letter in text)


def foreign_letters(text: str) -> frozenset[str]:
    """Letters that would turn the whole message into 16-bit units.

    >>> sorted(foreign_letters("Wanjirũ"))
    ['ũ']
    """
    return frozenset(text) - _ALPHABET


def to_gsm(text: str) -> str:
    """The nearest spelling inside the alphabet, for names that come from data.

    >>> to_gsm("Wanjirũ")
    'Wanjiru'
    """
    if _ALPHABET.issuperset(text):
        return text
    return "".join(_nearest(letter) for letter in text.translate(_PLAIN_TWINS))


def _nearest(letter: str) -> str:
    if letter in _ALPHABET:
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return bare if bare and _ALPHABET.issuperset(bare) else "?"
