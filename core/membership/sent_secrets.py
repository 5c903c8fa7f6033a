"""How do a code and a link come into a message without being stored? They are made when it is written, from an id."""

from core.membership.codes import OneTimeCodes, SignedLinks
from core.notices.service import Render


def with_secrets(render: Render, codes: OneTimeCodes, links: SignedLinks) -> Render:
    """The renderer that knows `secret` where a notice holds `code_of`, and `link` where it holds `link_of`."""

    def write(kind: str, language: str, facts: dict[str, str]) -> str:
        filled = dict(facts)
        if "code_of" in facts:
            filled["secret"] = codes.code_for(facts["code_of"])
        if "link_of" in facts:
            filled["link"] = links.url(facts["link_of"])
        return render(kind, language, filled)

    return write
