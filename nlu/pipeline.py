"""How is a text cut into words? A blank multilingual spaCy pipeline with one component of ours."""

from unicodedata import category

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nlu.concepts import Concepts
from nlu.grams import Cut
from nlu.spelling import Spelling
from nlu.words import plain

_COMPONENT = "imarisha_words"
_PICTURE = "So"
"""The Unicode category of emoji."""


class MemberWords:
    """Gives each token the word that was meant as its norm, and the concepts of that word as its lemma."""

    def __init__(self) -> None:
        self.spelling: Spelling | None = None
        self.concepts: Concepts | None = None

    def __call__(self, doc: Doc) -> Doc:
        if self.spelling is not None and len(doc) > 1:
            # A message of one word is left to the menu words: "y" is yes there, and not "why".
            mend = self.spelling.mend
            for token in doc:
                token.norm_ = mend(token.text)
        if self.concepts is not None:
            concept = self.concepts.of_word
            for token in doc:
                token.lemma_ = concept(token.norm_)
        return doc


@Language.factory(_COMPONENT)
def _member_words(nlp: Language, name: str) -> MemberWords:  # noqa: ARG001  # the shape spaCy calls
    return MemberWords()


class WordPipeline:
    """Text -> plain words. Build it once per process: a blank pipeline takes tens of milliseconds."""

    def __init__(self, spelling: Spelling | None, concepts: Concepts | None) -> None:
        self._nlp = spacy.blank("xx")
        component = self._nlp.add_pipe(_COMPONENT)
        if isinstance(component, MemberWords):
            component.spelling = spelling
            component.concepts = concepts

    def cut(self, text: str) -> Cut:
        """The text's words and concepts, without punctuation; pictures stay, as members answer with them."""
        tokens = [token for token in self._nlp(plain(text)) if _says_something(token.text)]
        concepts = " ".join(token.lemma_ for token in tokens).split()
        return Cut(tuple(token.norm_ for token in tokens), tuple(concepts))


def _says_something(token: str) -> bool:
    return token.isalnum() or any(letter.isalnum() or category(letter) == _PICTURE for letter in token)
