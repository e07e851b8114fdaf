"""Organisations suggested while one types."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from initiatives.forms.directory import Directory
from initiatives.models import Organisation
from tests.factories import OrganisationFactory, make_initiative

ADDRESS = "/organisations/suggest/"


@pytest.fixture
def typed(client, alice, harbour):
    client.force_login(alice)
    return lambda text: client.get(ADDRESS, {"q": text})


@pytest.mark.parametrize("text", ["harb", "HARBOUR", "hd", "zurich", "harbour"])
def test_found_by_part_of_name_acronym_alias_or_code_in_any_case_and_accent(typed, harbour, text):
    Organisation.objects.filter(pk=harbour.pk).update(acronym="HD", aliases=["Quai de Zürich"])
    assertContains(typed(text), '<option value="Harbour (harbour)">')


def test_asked_for_by_the_form_under_its_own_name(client, alice, harbour):
    client.force_login(alice)
    assertContains(client.get(ADDRESS, {"organisations": "harb"}), "Harbour (harbour)")


def test_an_organisation_that_one_may_not_see_is_never_suggested(typed, alice, olga):
    hidden = OrganisationFactory(name="Elders of the well", confirmed=False)
    make_initiative(by=olga, sharing="organisation", organisations=[("partner", hidden)])
    assertNotContains(typed("elders"), "<option")
    make_initiative(by=olga, sharing="network", organisations=[("partner", hidden)])
    assertContains(typed("elders"), "Elders of the well")


def test_at_most_twenty_and_those_that_begin_so_first(typed):
    OrganisationFactory.create_batch(30)
    OrganisationFactory(name="Zebra organisation", code="zebra")
    response = typed("organisation")
    assert response.content.decode().count("<option") == 20
    assertNotContains(response, "Zebra")


@pytest.mark.parametrize("text", ["", "  ", "\0", "%", "_", "x" * 5000])
def test_odd_questions_find_nothing(typed, text):
    assertNotContains(typed(text), "<option")


def test_names_are_escaped(typed, harbour):
    Organisation.objects.filter(pk=harbour.pk).update(name='Harbour "><script>')
    assertNotContains(typed("harbour"), "<script>")


def test_for_signed_in_people_alone(client, harbour):
    assert client.get(ADDRESS, {"q": "harbour"}).status_code == 302


def test_one_question_to_the_database_however_many_there_are(alice, django_assert_num_queries):
    OrganisationFactory.create_batch(30)
    with django_assert_num_queries(2):  # the other asks once a request where this person is inside
        directory = Directory(alice)
        directory.matching("organisation")
        directory.find("Organisation x")
        directory.like("Organisation")
