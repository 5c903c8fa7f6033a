"""Which words speak of days, weeks and months? English, Swahili and shorthand; Swahili from Unicode CLDR."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from nlu.word_sets import words


def _numbered(first: int, words: str) -> Mapping[str, int]:
    return MappingProxyType(
        {spelling: number for number, word in enumerate(words.split(), first) for spelling in word.split("/")}
    )


MONTHS: Final = _numbered(
    1,
    "january/jan/januari february/feb/febuary/februari/febr march/mar/mac/machi april/apr/aprili may/mei "
    "june/jun/juni july/jul/julai august/aug/ago/agosti september/sep/sept/septemba october/oct/okt/oktoba "
    "november/nov/novemba december/dec/des/desemba/disemba",
)
DOUBTFUL_MONTHS: Final = words(
    """
    may mar march jan ago mac des dec jun sep apr nov
    """
)
"""Other words too, or people: only with a day, a year or a word of time beside them."""

WEEKDAYS: Final = _numbered(
    0,
    "monday/mon/jumatatu/jtatu tuesday/tue/tues/jumanne/jnne wednesday/wed/weds/jumatano/jtano "
    "thursday/thu/thur/thurs/alhamisi/alhamis friday/fri/ijumaa saturday/sat/jumamosi/jmosi "
    "sunday/sun/jumapili/jpili",
)
DOUBTFUL_WEEKDAYS: Final = frozenset({"mon", "wed", "sat", "sun", "tue", "thu", "tues", "thur"})

DAYS_AWAY: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(("today", "tdy", "2day", "leo", "tonight", "tday", "todae", "lewo"), 0),
        **dict.fromkeys(
            ("tomorrow", "tomorow", "tommorow", "tommorrow", "tmrw", "tmr", "tomoro", "tmorow"), 1
        ),
        **dict.fromkeys(("kesho", "kesh", "kexho"), 1),
        **dict.fromkeys(("yesterday", "yesturday", "ystrday", "jana", "jna"), -1),
        **dict.fromkeys(("keshokutwa",), 2),
        **dict.fromkeys(("juzi",), -2),
        **dict.fromkeys(("mtondo",), 3),
    }
)

THIS: Final = frozenset({"this", "hii", "huu", "hili", "current"})
NEXT: Final = frozenset(
    {"next", "nxt", "coming", "ijayo", "ujao", "inayokuja", "unaokuja", "ijao", "ingine", "lijalo"}
)
LAST: Final = frozenset(
    {"last", "past", "previous", "iliyopita", "uliopita", "zilizopita", "jana", "lililopita", "iliopita"}
)
COMING: Final = frozenset({"zijazo", "ijayo", "ujao", "zinazokuja"})
"""Behind a number of days or weeks."""
GONE: Final = frozenset({"ago", "iliyopita", "zilizopita", "uliopita", "back", "nyuma", "iliopita"})

WEEK: Final = frozenset({"week", "wk", "wiki", "juma"})
MONTH: Final = frozenset({"month", "mwezi", "mth", "mnth"})
YEAR: Final = frozenset({"year", "mwaka", "yr"})

TO: Final = frozenset({"to", "hadi", "mpaka", "until", "till", "til", "-", "\u2013", "and", "na", "adi"})
FROM: Final = frozenset({"from", "kutoka", "kuanzia", "tangu", "since", "between", "kati", "toka"})
TIME_BEFORE: Final = words(
    """
    on in by of since until till from this next last before after for mwezi hadi mpaka tangu kabla kufikia
    ya siku to between every wa is
    """
)
"""Before a doubtful name of a month or weekday: with one of these it is one."""
RHYTHM: Final = frozenset({"every", "kila", "each", "per"})

GONE_BY: Final = words(
    """
    paid sent deposited received borrowed took nililipa nimelipa nilituma was nimetuma niliweka nimeweka
    since tangu statement statements taarifa transactions miamala did were ilikuwa nilikopa nilitoa withdrew
    nilipata nilipokea history stmt nilipewa between show list records zilizotoka iliyopita uliopita
    nilisend last past
    """
)
"""With one of these in the text, a day without its year or month lies behind us."""
STATEMENT: Final = frozenset(
    {"statement", "statements", "taarifa", "miamala", "transactions", "stmt", "history", "mini"}
)
"""With one of these, `miezi mitatu iliyopita` is the time since then."""
BORROWING: Final = words(
    """
    borrow loan lend advance kopa kukopa mkopo nikopeshe niazime nikope repay nikopesheni niazimeni apply
    fixed fix
    """
)
"""With one of these, `in 2 weeks` is for how long and not when."""
GREETING: Final = frozenset({"habari", "happy", "good", "nice", "mambo", "great", "blessed"})
"""Before a day, with `za` between or not: wishes and greetings."""
