"""What does it take to change how a member is known? The keys and names of this installation, in one hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.members.sealing import FieldSealer
from core.membership.codes import OneTimeCodes, SignedLinks


@dataclass(frozen=True, slots=True)
class MembershipOffice:
    """Who seals, who makes codes and links, and in whose name."""

    institution: str
    sealer: FieldSealer
    codes: OneTimeCodes
    links: SignedLinks

    @classmethod
    def of(
        cls, keys: Mapping[int, bytes], *, current: int, institution: str, links_base: str
    ) -> "MembershipOffice":
        """The office with these field keys. Raises ValueError for keys that are none."""
        return cls(
            institution=institution,
            sealer=FieldSealer(keys, current=current),
            codes=OneTimeCodes(keys[current]),
            links=SignedLinks(keys[current], base=links_base),
        )
