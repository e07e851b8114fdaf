"""What the form points out before publishing, and how it finds the organisations that one types."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from initiatives.models import Initiative, Organisation, Participation
from tests.factories import ConflictSystemFactory, make_initiative
from tests.initiatives.form_pages import COMPLETE, as_sent, edit_page, errors


def test_a_similar_title_in_the_same_conflict_is_pointed_out_before_publishing(form, client, alice, valley):
    there = make_initiative("Márket talk", by=alice, conflicts=[valley])
    response = form("publish", **COMPLETE)
    assertContains(response, there.get_absolute_url())
    assertContains(response, 'name="confirmed_new"')
    assert Initiative.objects.count() == 1
    assert form("publish", **COMPLETE, confirmed_new="on").status_code == 302
    assert Initiative.objects.count() == 2


def test_a_draft_is_not_held_up_by_similar_titles(form, alice, valley):
    make_initiative("Market talks", by=alice, conflicts=[valley])
    assert form("draft", **COMPLETE).status_code == 302


def test_similar_titles_that_one_may_not_open_or_of_other_conflicts_are_never_pointed_out(form, alice, olga, valley):
    make_initiative("Market talks", by=olga, conflicts=[valley], sharing="restricted")
    make_initiative("Market talks", by=alice, conflicts=[ConflictSystemFactory()])
    assert form("publish", **COMPLETE).status_code == 302


def test_publishing_a_draft_does_not_compare_it_with_itself(form, client, alice, valley):
    form("draft", **COMPLETE)
    initiative = Initiative.objects.get()
    page = edit_page(client, initiative)
    response = client.post(page.request["PATH_INFO"], as_sent(page, action="publish"))
    assertRedirects(response, initiative.get_absolute_url(), fetch_redirect_response=False)


def test_a_new_organisation_named_much_like_one_in_view_is_pointed_out(form, harbour):
    said = COMPLETE | {"roles": ["lead", "partner"], "organisations": ["bridge", "The Harbuor"]}
    harbour.name = "The Harbour"
    harbour.save()
    response = form("publish", **said)
    assertContains(response, "would be a new organisation")
    assertContains(response, "<code>harbour</code>")
    assert not Organisation.objects.filter(name="The Harbuor").exists()
    assert form("publish", **said, confirmed_new="on").status_code == 302


def test_similar_records_are_shown_while_typing_to_members_alone(form, client, alice, olga, curator, valley):
    there = make_initiative("Market talks", by=alice, conflicts=[valley])
    address = reverse("initiatives:similar")
    asked = {"title": "market talk", "conflicts": "valley"}
    assertContains(client.get(address, asked), there.get_absolute_url())
    assertNotContains(client.get(address, asked | {"ref": str(there.ref)}), there.get_absolute_url())
    for odd in ({"title": "x\0", "conflicts": "valley"}, {"title": "x", "conflicts": "va\0"}, {"ref": "?"}, {}):
        assert client.get(address, odd).content.strip() == b""
    client.force_login(olga)
    assertNotContains(client.get(address, asked), there.get_absolute_url())
    client.force_login(curator)
    assert client.get(address, asked).status_code == 403


def test_a_hidden_organisation_of_the_same_name_tells_nothing(form, olga):
    hidden = Organisation.objects.create(code="hidden", name="Elders of the well", made_by=olga)
    said = {"roles": "partner", "organisations": "Elders of the Well"}
    assert form("publish", **COMPLETE | said | {"roles": "lead"}).status_code == 302
    typed = Participation.objects.get().organisation
    assert typed != hidden
    assert not typed.confirmed


def test_the_code_of_a_hidden_organisation_is_but_a_name(form, olga):
    Organisation.objects.create(code="hidden", name="Elders", made_by=olga)
    form("draft", title="Talks", roles="partner", organisations="hidden")
    assert Participation.objects.get().organisation.name == "hidden"


@pytest.mark.parametrize("text", ["harbour", "HARBOUR", "hd", "Ancient Quay", "Harbour (harbour)"])
def test_an_organisation_is_found_by_code_name_acronym_or_alias(form, harbour, text):
    Organisation.objects.filter(pk=harbour.pk).update(acronym="HD", aliases=["ancient quay"])
    form("draft", title="Talks", roles="partner", organisations=text)
    assert Participation.objects.get().organisation == harbour


def test_a_name_of_several_is_refused_with_their_codes(form, harbour, bridge):
    Organisation.objects.update(acronym="HD")
    response = form("draft", title="Talks", roles="partner", organisations="hd")
    assert "bridge, harbour" in errors(response)["organisations"][0]


def test_one_new_name_in_two_roles_is_one_organisation(form):
    form("draft", title="Talks", roles=["lead", "funder"], organisations=["Elders", "elders"])
    assert Participation.objects.count() == 2
    assert Organisation.objects.filter(name="Elders").count() == 1
