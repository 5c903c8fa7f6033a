"""How is a long screen cut for the network? Lines are never split, and only the keys a page needs are counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.gsm import septets

_LINE_END = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `following` is the first line of the next one, 0 on the last."""

    text: str
    following: int


def page(lines: Sequence[str], *, start: int, budget: int, keys: str, more: str, above: str = "") -> Page:
    """The page that begins with line `start`.

    `keys` is the line of navigation every page bears (may be empty), `more` what it gains where lines are
    left. `above` is a remark only this page bears. A single line longer than a page gets one of its own.
    """
    head = [above] if above else []
    rest = [*head, *lines[start:]]
    if _length([*rest, keys] if keys else rest) <= budget:
        return Page(_joined([*rest, keys]), following=0)
    turning = f"{keys} {more}" if keys else more
    count = _how_many(rest, budget - septets(turning) - _LINE_END, at_least=len(head) + 1)
    if count == len(rest):
        return Page(_joined([*rest, keys]), following=0)
    return Page(_joined([*rest[:count], turning]), following=start + count - len(head))


def _how_many(lines: Sequence[str], room: int, at_least: int) -> int:
    used = 0
    for count, line in enumerate(lines):
        used += septets(line) + (_LINE_END if count else 0)
        if used > room:
            return max(count, at_least)
    return len(lines)


def _length(lines: Sequence[str]) -> int:
    return sum(map(septets, lines)) + _LINE_END * (len(lines) - 1)


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)
