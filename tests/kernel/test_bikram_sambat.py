"""Bikram Sambat: days as Nepal's own calendar counts them."""

from datetime import date, timedelta

import nepali_datetime
import pytest

from cps.kernel import bikram_sambat


@pytest.mark.parametrize(
    ("day", "nepali", "english"),
    [
        # From a reply of Hello Sarkar, and from the calendar printed for 2083: new year, Ghatasthapana, Tika.
        (date(2026, 4, 26), "२०८३ वैशाख १३", "13 Baisakh 2083"),
        (date(2026, 4, 14), "२०८३ वैशाख १", "1 Baisakh 2083"),
        (date(2026, 10, 11), "२०८३ असोज २५", "25 Asoj 2083"),
        (date(2026, 10, 21), "२०८३ कात्तिक ४", "4 Kartik 2083"),
        (date(2026, 11, 25), "२०८३ मंसिर ९", "9 Mangsir 2083"),
    ],
)
def test_a_day_is_written_as_nepal_writes_it(day, nepali, english):
    assert bikram_sambat.written(day, language="ne") == nepali
    assert bikram_sambat.written(day, language="en") == english


def test_languages_without_words_of_their_own_for_the_months_read_the_english_ones():
    assert bikram_sambat.written(date(2026, 11, 25), language="ko") == "9 Mangsir 2083"


def test_no_two_days_of_a_year_look_alike():
    days = [date(2026, 4, 14) + timedelta(days=n) for n in range(365)]

    written = {bikram_sambat.written(day, language="ne") for day in days}

    assert len(written) == 365


@pytest.mark.parametrize("language", ["ne", "en"])
def test_days_outside_the_table_have_no_date(language):
    first = nepali_datetime.date.min.to_datetime_date()
    last = nepali_datetime.date.max.to_datetime_date()
    outside = [date.min, first - timedelta(days=1), last + timedelta(days=1), date.max]

    assert bikram_sambat.written(first, language=language)
    assert bikram_sambat.written(last, language=language)
    assert [bikram_sambat.written(day, language=language) for day in outside] == [None] * 4
