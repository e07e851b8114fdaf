"""Rows of a form: parallel lists of inputs, put together by position."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from initiatives.forms.rows import MAX_ROWS, RowsField


class PlacesForm(forms.Form):
    places = RowsField(
        {
            "countries": forms.CharField(label="Country", max_length=2, error_messages={"required": "Which country?"}),
            "towns": forms.CharField(label="Town", required=False),
            "kinds": forms.CharField(label="Kind", required=False),
        },
        presets=("kinds",),
    )


def places(query):
    return PlacesForm(QueryDict(query))


def test_rows_are_put_together_by_position():
    form = places("countries=KE&countries=TD&towns=Wajir&towns=&kinds=a&kinds=b")
    assert form.is_valid()
    assert form.cleaned_data["places"] == [("KE", "Wajir", "a"), ("TD", "", "b")]


def test_a_column_that_was_not_sent_is_blank():
    form = places("countries=KE")
    assert form.is_valid()
    assert form.cleaned_data["places"] == [("KE", "", "")]


def test_blank_rows_are_left_out_also_where_a_select_always_says_something():
    form = places("countries=&countries=KE&countries= &towns=&towns=&towns=&kinds=a&kinds=a&kinds=a")
    assert form.is_valid()
    assert form.cleaned_data["places"] == [("KE", "", "a")]


def test_nothing_sent_is_no_rows():
    form = places("other=1")
    assert form.is_valid()
    assert form.cleaned_data["places"] == []


def test_errors_name_the_row_as_the_page_shows_it_and_keep_what_was_typed():
    form = places("countries=KE&countries=&countries=&countries=KEN&towns=&towns=&towns=Wajir&towns=")
    assert form.errors["places"] == [
        "Row 2: Which country?",
        "Row 3: Ensure this value has at most 2 characters (it has 3).",
    ]
    rows = [[control for _, control, _ in row] for row in _drawn(form)]
    assert 'value="Wajir"' in rows[1][1]
    assert 'value="KEN"' in rows[2][0]


def test_three_blank_rows_follow_those_filled_in():
    assert len(_drawn(places("countries=KE&countries=TD"))) == 5
    assert len(_drawn(PlacesForm())) == 3


def test_more_rows_than_can_be_saved_are_refused():
    assert places("&".join(["countries=KE"] * MAX_ROWS)).is_valid()
    form = places("&".join(["countries=KE"] * (MAX_ROWS + 1)))
    assert form.errors["places"] == [f"At most {MAX_ROWS} rows can be saved; there are {MAX_ROWS + 1}."]


def test_a_check_of_whole_rows_names_the_row_too():
    def check(row):
        if row[0] == "XX":
            raise ValidationError("No such country.")
        return row[0]

    field = RowsField({"countries": forms.CharField()}, check=check)
    assert field.clean([("KE",)]) == ["KE"]
    with pytest.raises(ValidationError, match="Row 2: No such country"):
        field.clean([("KE",), ("XX",)])


def _drawn(form):
    bound = form["places"]
    return bound.field.widget.get_context("places", bound.value(), {})["widget"]["rows"]
