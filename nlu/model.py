"""What is in `model.npz`? Everything that understanding needs at run time, in one small file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.classifier import LinearModel
from nlu.concepts import Concepts
from nlu.gate import Gate
from nlu.intents import Intent
from nlu.spelling import Spelling

MODEL_PATH = Path(__file__).parent / "model.npz"
_FORMAT = 1


class UnusableModel(Exception):
    """The model file is missing, broken, or of another version: `make train` makes it anew."""


@dataclass(frozen=True, slots=True)
class Model:
    """A classifier with its gate and spelling, and the digest of the data it was made from."""

    linear: LinearModel
    gate: Gate
    spelling: Spelling
    concepts: Concepts
    made_from: str


def save(model: Model, path: Path = MODEL_PATH) -> None:
    """Write the model. The same model gives the same bytes."""
    linear = model.linear
    header = {
        "format": _FORMAT,
        "made_from": model.made_from,
        "labels": linear.labels,
        "gate": asdict(model.gate),
        "shorthand": model.spelling.shorthand,
        "words": sorted(model.spelling.words),
        "short": model.spelling.short,
        "concepts": model.concepts.patterns,
    }
    np.savez_compressed(
        path,
        header=_bytes(json.dumps(header, ensure_ascii=False, sort_keys=True)),
        grams=_bytes("\n".join(linear.index)),
        rarity=linear.rarity.astype(np.float16),
        weights=linear.weights,
        scale=linear.scale,
        bias=linear.bias,
    )


def load(path: Path = MODEL_PATH) -> Model:
    """Read a model.

    Raises UnusableModel when there is none or it was made for another version of this code.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise UnusableModel(f"{path.name} can't be read; run: make train") from error
    header = json.loads(arrays["header"].tobytes())
    if header["format"] != _FORMAT:
        raise UnusableModel(f"{path.name} is of another version; run: make train")
    return Model(
        linear=_linear(header["labels"], arrays),
        gate=_gate(header["gate"]),
        spelling=_spelling(header),
        concepts=Concepts(header["concepts"]),
        made_from=header["made_from"],
    )


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _linear(labels: list[str], arrays: Mapping[str, NDArray[np.generic]]) -> LinearModel:
    grams = arrays["grams"].tobytes().decode().split("\n")
    return LinearModel(
        labels=tuple(labels),
        index={gram: row for row, gram in enumerate(grams)},
        rarity=arrays["rarity"].astype(np.float32),
        weights=cast("NDArray[np.int8]", arrays["weights"]),
        scale=arrays["scale"].astype(np.float32),
        bias=arrays["bias"].astype(np.float32),
    )


def _gate(fields: dict[str, float | list[float]]) -> Gate:
    numbers = {name: value for name, value in fields.items() if isinstance(value, float)}
    weights = fields["weights"]
    if not isinstance(weights, list):
        raise UnusableModel("the gate has no weights; run: make train")
    return Gate(weights=tuple(weights), **numbers)


def _spelling(header: Mapping[str, Mapping[str, str]]) -> Spelling:
    return Spelling(
        shorthand=header["shorthand"],
        words=header["words"],
        short={text: Intent(intent) for text, intent in header["short"].items()},
    )
