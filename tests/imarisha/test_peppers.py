"""Can the pepper be changed without locking anybody out?"""

from pathlib import Path

import msgspec

from imarisha.institution import AMINA
from tests.world import a_world, settings_for


async def test_a_new_pepper_is_taken_over_at_the_next_right_pin(
    founded_database_url: str, clean_redis_url: str, tmp_path: Path
) -> None:
    usual = settings_for(founded_database_url, clean_redis_url, tmp_path)
    changed = msgspec.structs.replace(
        usual,
        pin_pepper="another-pepper-for-tests",
        pin_pepper_version=2,
        pin_peppers_old=f"1:{usual.pin_pepper}",
    )
    async with a_world(founded_database_url, clean_redis_url, tmp_path, settings=changed) as world:
        phone = world.phone(AMINA.phone)
        await phone.dial()
        wrong, right = await phone.answer("9157"), await phone.answer(AMINA.pin or "")
        async with world.system.database.reading() as session:
            row = await session.row(
                "SELECT p.hash FROM member_pin p JOIN member m ON m.id = p.member_id WHERE m.phone = $1",
                AMINA.phone,
            )

    assert "Tries left: 2" in wrong.text
    assert right.label == "home.menu"
    assert row is not None
    assert row["hash"].startswith("pepper2$")
