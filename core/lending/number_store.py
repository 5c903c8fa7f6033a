"""Which number does the next loan have? Counted up, one loan at a time, as members and staff call them."""

from core.db.engine import WriteSession


async def next_number(session: WriteSession) -> str:
    """The number after the highest given, such as LN-00042; whoever asks next waits for this transaction."""
    await session.execute("SELECT pg_advisory_xact_lock(hashtext('loan.number'))")
    row = await session.row(
        r"SELECT coalesce(max(substr(number, 4)::bigint), 0) + 1 AS next FROM loan WHERE number ~ '^LN-\d+$'"
    )
    if row is None:
        raise AssertionError("a maximum has a row")
    return f"LN-{row['next']:05d}"
