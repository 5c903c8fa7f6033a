"""Which words are numbers in English, Swahili and Sheng, and how much is each?

Swahili from Unicode CLDR's spell-out rules, with the agreeing forms of people and months; Sheng from the Kenyan press
(radiojambo.co.ke, afromaisha.com: words for money). A Sheng word on whose worth people differ has several.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final


def _numbers(first: int, words: str) -> dict[str, int]:
    """One number per word, several spellings of one parted by a slash."""
    return {
        spelling: number for number, word in enumerate(words.split(), first) for spelling in word.split("/")
    }


SWAHILI_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    _numbers(
        1,
        "moja/mmoja/kimoja/mojaa mbili/wawili/miwili/mawili/viwili/mbil tatu/watatu/mitatu/matatu/vitatu "
        "nne/wanne/minne/manne/vinne tano/watano/mitano/matano/vitano sita saba nane/wanane/minane/manane tisa",
    )
)
ENGLISH_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    _numbers(1, "one two three four/foh five six seven eight nine")
)
UNITS: Final[Mapping[str, int]] = MappingProxyType({**SWAHILI_UNITS, **ENGLISH_UNITS})

TEENS: Final[Mapping[str, int]] = MappingProxyType(
    _numbers(
        10,
        "ten eleven twelve thirteen fourteen fifteen sixteen/sixten seventeen eighteen nineteen",
    )
)

SWAHILI_TENS: Final[Mapping[str, int]] = MappingProxyType(
    {
        spelling: 10 * tens
        for spelling, tens in _numbers(
            1,
            "kumi ishirini/ishirin/ishrini thelathini/thalathini/selasini arobaini/arubaini/arobain/arbaini "
            "hamsini/hamsin sitini sabini themanini/thamanini/tamanini tisini",
        ).items()
    }
)
ENGLISH_TENS: Final[Mapping[str, int]] = MappingProxyType(
    {
        spelling: 10 * tens
        for spelling, tens in _numbers(
            2, "twenty thirty forty/fourty fifty/fiffty sixty seventy eighty ninety/ninty"
        ).items()
    }
)
TENS: Final[Mapping[str, int]] = MappingProxyType({**SWAHILI_TENS, **ENGLISH_TENS})

NOUGHT: Final = frozenset({"sifuri", "sufuri", "zero"})

COUNT_FIRST: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(("hundred", "hundreds", "hundrd", "hundread"), 100),
        **dict.fromkeys(
            ("thousand", "thousands", "thausand", "thousnd", "thousant", "thou", "k", "grand"), 1000
        ),
        **dict.fromkeys(("lakh", "lakhs"), 100_000),
        **dict.fromkeys(("million", "millions", "mil", "m"), 1_000_000),
    }
)
"""Words of size that stand behind their count: `five hundred`, `5k`."""

COUNT_BEHIND: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(("mia", "mio"), 100),
        **dict.fromkeys(("elfu", "alfu", "elf", "elfuu", "efu"), 1000),
        **dict.fromkeys(("laki", "lakii"), 100_000),
        **dict.fromkeys(("milioni", "milion", "millioni", "milliioni"), 1_000_000),
    }
)
"""Swahili words of size, whose count follows: `elfu tano`."""

SHENG: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        **dict.fromkeys(("soo", "oss", "kioo"), (100,)),
        **dict.fromkeys(("thao", "thaoo", "tao", "ngiri", "ndovu", "kapaa", "tenga"), (1000,)),
        **dict.fromkeys(("punch", "jirongo"), (500,)),
        **dict.fromkeys(("ashu", "ashuu", "kinde", "kindee", "ashara"), (10,)),
        **dict.fromkeys(("mbao", "mbaula"), (20,)),
        **dict.fromkeys(("finje", "chwani", "hamsa", "nich"), (50,)),
        "rwabe": (200,),
        "red": (100,),
        "pinji": (500, 50),
        "jeti": (500, 1000),
        "ngovo": (5,),
    }
)
"""Words for notes and coins, whose count may stand on either side: `soo tano`, `tano soo`."""

ALSO_OTHER_WORDS: Final = frozenset({"red", "punch", "mbao", "tenga", "kioo", "soo", "nich", "hamsa", "tao"})
"""Sheng for money that means timber, a colour or a blow as well."""

HALVES: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        **dict.fromkeys(("nusu", "half"), Decimal("0.5")),
        **dict.fromkeys(("robo", "quarter"), Decimal("0.25")),
    }
)

AND: Final = frozenset({"na", "and", "&", "n"})

ORDINALS: Final = frozenset({"st", "nd", "rd", "th"})
"""Behind digits: `5th`."""
