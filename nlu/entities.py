"""What was said besides the wish? Amounts, dates, terms, phones, references, products and accounts, by grammar.

Each grammar takes the pieces it understands, the surest first, so that the digits of a phone number, a receipt, a date
or a term are never an amount. Two different values of a kind are candidates that must be asked about.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from nlu.amounts import amounts
from nlu.dates import dates
from nlu.intents import Entities, Entity, EntityKind
from nlu.mentions import Mention
from nlu.phones import phones
from nlu.products import products
from nlu.references import references
from nlu.terms import terms
from nlu.tokens import Tokens

_TERMS: Final = frozenset({EntityKind.TERM, EntityKind.TERM_MONTHS})


def entities(text: str, *, today: date) -> Entities:
    """Everything said in the text; dates are seen from `today`. Takes any text and time in proportion to its length."""
    tokens = Tokens(text)
    found: list[Mention] = []
    for mention in (*references(text), *phones(text)):
        tokens.take_letters(mention.start, mention.end)
        found.append(mention)
    found += dates(tokens, today)
    found += terms(tokens)
    found += amounts(tokens)
    found += products(tokens)
    return _sorted_out(found)


def _sorted_out(found: Iterable[Mention]) -> Entities:
    """One value per kind where all mentions agree on it, else the candidates in the order of the text."""
    candidates: dict[EntityKind, dict[tuple[EntityKind, str], Entity]] = {}
    for mention in found:
        # A term is one thing, whether it is written in months or not.
        kind = EntityKind.TERM if mention.kind in _TERMS else mention.kind
        for value in mention.readings:
            entity = Entity(mention.kind, value, mention.start, mention.end)
            candidates.setdefault(kind, {}).setdefault((mention.kind, value), entity)
    values, ambiguous = {}, {}
    for kind, entities_of in candidates.items():
        if len(entities_of) == 1:
            [entity] = entities_of.values()
            values[entity.kind] = entity
        else:
            ambiguous[kind] = tuple(entities_of.values())
    return Entities(values=values, ambiguous=ambiguous)
