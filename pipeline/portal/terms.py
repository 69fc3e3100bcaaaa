"""Terms of Law 544/2001 (article 7): ten days, thirty where the answer takes more work.

Days are counted after the day of registration; a term that ends on a day off ends on the next
working day.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

TERM_DAYS = 10
LONGEST_DAYS = 30
_HERE = ZoneInfo("Europe/Bucharest")
_SATURDAY = 5


def today(at: datetime | None = None) -> date:
    """The date in Romania at a moment, now by default."""
    return (at or datetime.now(UTC)).astimezone(_HERE).date()


def is_working_day(day: date) -> bool:
    """Neither a week-end nor one of Romania's public holidays."""
    return day.weekday() < _SATURDAY and day not in country_holidays("RO", years=day.year)


def due(received: date, days: int = TERM_DAYS) -> date:
    """The last day of a term of so many days."""
    last = received + timedelta(days)
    while not is_working_day(last):
        last += timedelta(1)
    return last
