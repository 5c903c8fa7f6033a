"""What does the model learn from? The plain-text files of `nlu/data`, as rows."""

import hashlib
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlu.candidates import imported
from nlu.intents import Intent, Language

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled message."""

    text: str
    intent: Intent
    language: Language
    group: str
    """Rows of one group never stand on both sides of a cross-validation."""
    is_ours: bool
    """Whether it is a member's message, rather than one of a public set about something else."""


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def phrases(folder: Path = DATA) -> Iterator[Row]:
    """The hand-written messages: `phrases/<language>/<intent>.txt`, one a line."""
    for language in Language:
        for intent in Intent:
            for text in _lines(folder / "phrases" / language / f"{intent}.txt"):
                yield Row(text, intent, language, group=f"{text.lower()}", is_ours=True)


def reviewed(folder: Path = DATA) -> Iterator[Row]:
    """Messages that people labelled after the fact: `reviewed.jsonl`, as `nlu.candidates` writes them."""
    path = folder / "reviewed.jsonl"
    for one in imported(_lines(path)) if path.exists() else ():
        yield Row(one.text, one.intent, one.language, group=one.text.lower(), is_ours=True)


def public(folder: Path = DATA) -> Iterator[Row]:
    """Messages of public sets: `public/<set>.txt`, lines of intent, language, topic and text between tabs."""
    for path in sorted((folder / "public").glob("*.txt")):
        for line in _lines(path):
            intent, language, topic, text = line.split("\t", 3)
            yield Row(text, Intent(intent), Language(language), group=f"{path.stem} {topic}", is_ours=False)


def templated(folder: Path = DATA, *, copies: int, seed: int = 1) -> Iterator[Row]:
    """Sentences with slots, each filled `copies` times: `templates/<language>.txt` and `templates/slots.toml`."""
    slots: dict[str, list[str]] = tomllib.loads(
        (folder / "templates" / "slots.toml").read_text(encoding="utf-8")
    )
    for language in Language:
        for line in _lines(folder / "templates" / f"{language}.txt"):
            intent, template = line.split(":", 1)
            # Seeded per template, so that a new line changes no other.
            chance = random.Random(f"{seed} {line}")  # noqa: S311  # examples, no secret
            for _ in range(copies):
                yield Row(
                    _filled(template, slots, language, chance),
                    Intent(intent),
                    language,
                    group=line,
                    is_ours=True,
                )


def _filled(template: str, slots: dict[str, list[str]], language: Language, chance: random.Random) -> str:
    def choose(match: re.Match[str]) -> str:
        name = match[1]
        return chance.choice(slots.get(f"{name}_{language}") or slots[name])

    return re.sub(r"\{(\w+)\}", choose, template).strip()


def shorthand(folder: Path = DATA) -> dict[str, str]:
    """Short forms and the words they stand for."""
    return dict(line.split(" ", 1) for line in _lines(folder / "shorthand.txt"))


def concepts(folder: Path = DATA) -> dict[str, list[str]]:
    """The words of each concept, some of them patterns."""
    return {
        concept: words.split()
        for concept, words in (line.split(":", 1) for line in _lines(folder / "concepts.txt"))
    }


def short_messages(folder: Path = DATA) -> dict[str, Intent]:
    """Menu words and commands that stand alone, with what they mean."""
    return {
        text.strip(): Intent(intent)
        for intent, texts in (line.split(":", 1) for line in _lines(folder / "short.txt"))
        for text in texts.split(",")
    }


def fingerprint(folder: Path = DATA) -> str:
    """A digest over all files that the model is made from; a model states the one it was made from."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".txt", ".toml", ".jsonl"}):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
