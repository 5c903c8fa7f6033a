"""Is a name made of what names are made of?"""

import pytest

from core.errors import InvalidName
from core.members.names import personal_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wanjiku", "Wanjiku"),
        ("  Achieng'   wa  Otieno-Ouma ", "Achieng' wa Otieno-Ouma"),
        ("Ng\u2019ang\u2019a Jr.", "Ng\u2019ang\u2019a Jr."),
        ("Wanjiku\u0303", "Wanjik\u0169"),
        ("\u0641\u0627\u0637\u0645\u0629", "\u0641\u0627\u0637\u0645\u0629"),
    ],
)
def test_letters_of_any_script_make_a_name(text: str, name: str) -> None:
    assert personal_name(text) == name


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "'", "A\nB", "A\u202eB", "<script>", "R2D2", "a@b", "A\0", "A\u200dB", "A\tB"]
)
def test_what_is_no_letter_makes_none(text: str) -> None:
    with pytest.raises(InvalidName):
        personal_name(text)
