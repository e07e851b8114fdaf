"""The window, the as-of day and the flags of an address."""

from datetime import date

import pytest
import time_machine

from initiatives.period import PeriodForm


def period(**query):
    form = PeriodForm(query)
    assert form.is_valid(), form.errors
    return form.period


@time_machine.travel("2026-11-22T23:30:00Z")
def test_as_of_is_today_or_the_end_of_a_window_that_is_over():
    assert period().as_of == date(2026, 11, 22)
    assert period(to="1995").as_of == date(1995, 12, 31)
    assert period(to="2030").as_of == date(2026, 11, 22)
    assert period(to="2030", as_of="2028-02").as_of == date(2028, 2, 29)


def test_a_month_or_a_year_stands_for_its_first_or_last_day():
    asked = period(**{"from": "1993-07", "to": "1994"})
    assert (asked.from_day, asked.to_day) == (date(1993, 7, 1), date(1994, 12, 31))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "1995", "to": "1994"}, "to"),
        ({"from": "soon"}, "from"),
        ({"as_of": "1993-02-30"}, "as_of"),
        ({"to": "19\x0093"}, "to"),
        ({"lead_only": "perhaps"}, "lead_only"),
    ],
)
def test_what_can_not_be_read_is_an_error_beside_its_field(query, field):
    form = PeriodForm(query)
    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("text", "expected"), [("on", True), ("1", True), ("true", True), ("0", False), ("off", False)]
)
def test_a_flag_says_what_it_says(text, expected):
    assert period(lead_only=text).lead_only is expected
