"""Which words make a number beside them money, and which make it something else?"""

from typing import Final

from nlu.word_sets import words

CURRENCY_BEFORE: Final = words(
    """
    ksh kshs kes sh shs shilingi shillings shiling sh. khs kesh shilling
    """
)
CURRENCY_BEHIND: Final = words(
    """
    ksh kshs kes sh shs bob bobs shilingi shillings shilling shiling khs shilings shilngs shillinga kesh
    """
)

NUMBERED: Final = words(
    """
    pin otp code id kitambulisho paybill till option chaguo namba nambari number member mwanachama version
    room box page age umri mara password step ref reference receipt chapter customer staff passport imei
    aged clause form # * plot am i'm iphone nokia samsung twice double x tarakimu saa covid tarehe
    """
)
"""Before a number: it names something, and is no amount unless money is said."""

THINGS: Final = words(
    """
    at watu watoto wadhamini people members guarantors kids children mikopo loans dakika masaa ekari acres
    shares hisa siku miezi miaka wiki wanachama
    """
)
"""Before a number below a hundred: so many of these."""

COUNTED: Final = words(
    """
    guarantor guarantors wadhamini people persons watu times time mara tries attempts members wanachama
    loans mikopo accounts phones simu lines sms messages transactions miamala payments installments
    instalments instalment installment statements pages percent asilimia hours hour hrs hr minutes mins min
    dakika seconds kids children watoto points shares hisa kg kgs bags cows goats cars wrong digits digit
    stars acres th st nd rd am pm x % * # years year miaka mwaka months days siku miezi weeks wiki km kms mb
    gb m pc options questions steps ng'ombe each apiece mbuzi kuku employees wafanyakazi friends relatives
    marafiki
    """
)
"""Behind a number: it is a count of these, unless a word of size or money is in it."""

FOREIGN: Final = words(
    """
    usd $ dollar dollars dola euro euros eur € gbp £ pounds pound tsh tshs tzs ugx ush ushs rwf birr etb
    rupees rand yuan cents cent senti
    """
)
"""Beside a number: it is money, but not ours, or not whole."""

LEADING: Final = words(
    """
    nipe nipee nipatie nipeni nitumie tuma send me us weka eka naweka ya za wa la kama about around na lipa
    pay nilipe nalipa kulipa ni kopa kukopa nikope nikopeshe nikopesheni niazime niazimeni nikopi borrow
    lend loan mkopo deposit dep depo withdraw toa nitoe natoa kutoa kuweka niweke save saving savings akiba
    of at for add ongeza niongezee top nidai nadai need want nataka nilitaka naomba get give nitume natuma
    niliweka nilituma nimelipa nimetuma nimeweka nitalipa ntalipa paid sent hadi upto to is kiasi amount
    just only tu punguza put nichangie changia natoanga kutuma nitolee nisaidie take out another my badala
    make iwe like with from bank contribute transfer hamisha a ka pesa doh money cash hata repay clear by
    approx approximately actually
    """
)
"""Before a word of size without its count, or a number word without size: with one of these it is money."""

SECRETS: Final = frozenset({"pin", "siri", "otp", "password", "pasiwadi"})
"""A number of four to six digits tied to one of these is a secret, and never an amount."""

TIES: Final = words(
    """
    is ni : . yangu yake ya my the new old mpya no was ilikuwa code a = ndio ndiyo namba nambari number to
    kwa and
    """
)
"""Between a number and the word that says what it is."""
