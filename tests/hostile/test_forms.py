"""Whatever is sent to a form, it is answered: with an error that a person can read, never one of ours."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives.models import Grant, Initiative, Membership, OrganisationGrant
from mtd_tracker.accounts.models import User
from tests.hostile.conftest import NAUGHTY, PLACES

EXAMPLES, MANY = 4, 2_000
TEXTS = st.one_of(
    st.sampled_from(NAUGHTY),
    st.text(max_size=80),
    st.sampled_from(
        ["\0", "a\0b", "9" * 400, "-1", "x" * 70_000, "0000-00-00", "9999-12-31", "🕊" * 300, "‮abc", "../../etc"]
    ),
    st.integers().map(str),
)
SURELY_FORMS = (
    "account_login",
    "initiatives:conflict",
    "initiatives:edit",
    "initiatives:list",
    "initiatives:log-new",
    "initiatives:member",
    "initiatives:new",
    "initiatives:sharing",
)
HOW = st.sampled_from(["as it is", "as it is", "text", "text", "left out", "twice"])


@st.composite
def sent(draw, form):
    """What is sent in place of the form's own values. Shape: {name: [value]}."""
    values = {}
    for name, own in form.values.items():
        how = "as it is" if name == "csrfmiddlewaretoken" else draw(HOW)
        if how == "as it is":
            values[name] = own
        elif how != "left out":
            values[name] = [draw(TEXTS) for _ in range(2 if how == "twice" else 1)]
    for name, choices in form.buttons.items():
        values[name] = [draw(st.sampled_from(choices) | TEXTS)]
    return values


def try_form(client, form, address, examples):
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(values=sent(form))
    def is_answered(values):
        with transaction.atomic():
            response = getattr(client, form.method)(form.action or address, values)
            transaction.set_rollback(True)
        assert response.status_code < 500

    is_answered()


@pytest.mark.parametrize("name", PLACES)
def test_a_form_answers_whatever_is_sent(open_forms, name):
    client, address, forms = open_forms(name)
    assert forms or name not in SURELY_FORMS
    for form in forms:
        try_form(client, form, address, EXAMPLES)


@pytest.mark.long
@pytest.mark.parametrize("name", PLACES)
def test_a_form_answers_whatever_is_sent_at_length(open_forms, name):
    client, address, forms = open_forms(name)
    for form in forms:
        try_form(client, form, address, MANY)


SEIZED = {
    "is_staff": "on",
    "is_superuser": "on",
    "is_curator": "on",
    "is_active": "",
    "role": "manager",
    "organisation": "harbour",
    "owner": "harbour",
    "author": "1",
    "user": "1",
    "sharing": "public",
    "publication": "published",
    "confirmed": "on",
    "version": "0",
    "ref": "5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11",
}


def standing():
    """Who may what, and who reads what."""
    return {
        model: sorted(map(repr, model._base_manager.values_list(*fields)))
        for model, fields in {
            User: ("email", "is_active", "is_staff", "is_superuser", "is_curator"),
            Membership: ("user__email", "organisation__code", "role", "active"),
            Initiative: ("title", "owner__code", "author__email", "sharing", "publication"),
            Grant: ("initiative__title", "user__email", "access", "until_on"),
            OrganisationGrant: ("initiative__title", "organisation__code", "until_on"),
        }.items()
    }


@pytest.mark.parametrize("name", PLACES)
def test_fields_that_a_form_does_not_have_change_nothing(open_forms, name):
    client, address, forms = open_forms(name)
    for form in forms:
        if form.method != "post":
            continue
        extra = {field: [value] for field, value in SEIZED.items() if field not in form.values}
        outcomes = []
        for values in (form.values, form.values | extra):
            with transaction.atomic():
                response = client.post(form.action or address, values)
                outcomes.append((response.status_code, standing()))
                transaction.set_rollback(True)
        assert outcomes[0] == outcomes[1], f"{address}: {form.action}"
