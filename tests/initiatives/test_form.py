"""Logging an initiative on the form."""

import uuid

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Version

from initiatives.actions.initiatives import log_initiative
from initiatives.dates import PartialDate, today
from initiatives.models import Initiative, Participation, Sharing
from tests.factories import MembershipFactory, OrganisationFactory, make_initiative
from tests.initiatives.form_pages import COMPLETE, NEW, as_sent, edit_page, errors


def test_a_draft_needs_a_title_alone(form, alice, bridge):
    response = form("draft", title="Talks")
    initiative = Initiative.objects.get()
    assertRedirects(response, reverse("initiatives:edit", args=[initiative.ref]))
    assert (initiative.title, initiative.publication, initiative.sharing) == ("Talks", "draft", Sharing.ORGANISATION)
    assert (initiative.author, initiative.owner, initiative.language) == (alice, bridge, "en")


@pytest.mark.parametrize("action", ["draft", "publish"])
def test_without_a_title_nothing_is_saved(form, action):
    assert "title" in errors(form(action, title="   "))
    assert not Initiative.objects.exists()


def test_without_a_word_on_organisations_ones_own_leads(form, bridge):
    form("draft", title="Talks")
    part = Participation.objects.get()
    assert (part.organisation, part.role) == (bridge, "lead")


def test_blank_organisation_rows_mean_none(form):
    form("draft", title="Talks", roles=["", ""], organisations=["", ""])
    assert not Participation.objects.exists()


def test_the_empty_form_shows_ones_own_organisation_as_lead_and_organisation_as_sharing(form, client):
    page = client.get(NEW, follow=True)
    assertContains(page, 'value="Bridge (bridge)"')
    assert page.context["form"]["sharing"].value() == "organisation"
    assertContains(page, "Members of Bridge: 1 person")


def test_every_field_is_kept_and_shown_again(form, client, alice, bridge, olga, harbour, tracks, principles):
    said = {
        "title": "Market talks",
        "summary": "Traders meet.",
        "description": "First line\r\nsecond *line*",
        "language": "fr",
        "conflicts": ["valley"],
        "start": "2019",
        "end": "2021-03",
        "last_confirmed": "2021-02-03",
        "locations": ["KE", "TD"],
        "places": ["Wajir"],
        "officiality": "mixed",
        "level": "grassroots",
        "dimension": "relational",
        "activities": ["mediation", "training"],
        "sources": "Report A\r\n\r\nhttps://example.org/b",
        "lead_track": "business",
        "tracks": ["media", "religion"],
        "track-business-rationale": "Traders lead it",
        "track-media-rationale": "Radio",
        "principle-trust-rating": "3",
        "principle-trust-evidence": "They share a till.",
        "principle-relationship-rating": "0",
        "rated_on": "2024-05-06",
        "roles": ["lead", "funder", "partner"],
        "organisations": ["bridge", "Harbour", "Elders of the well"],
        "engagement_conflicts": ["valley"],
        "engagement_starts": ["2020"],
        "engagement_ends": ["2020-11-30"],
        "suspended_from": ["2020-03-01"],
        "suspended_until": ["2020-05-31"],
        "cancelled_on": "2021-03-01",
        "external_schemes": ["iati"],
        "external_identifiers": ["XM-1"],
        "sharing": "restricted",
        "grant_people": ["OLGA@example.org"],
        "grant_access": ["write"],
        "grant_until": ["2030-01-01"],
    }
    response = form("publish", **said)
    initiative = Initiative.objects.get()
    assert response.status_code == 302, errors(response)
    assert response.url == initiative.get_absolute_url()
    assert initiative.is_published
    assert initiative.description == "First line\nsecond *line*"
    assert (initiative.language, initiative.officiality) == ("fr", "mixed")
    assert (initiative.level, initiative.dimension, initiative.sharing) == ("grassroots", "relational", "restricted")
    assert (initiative.start, initiative.end) == (PartialDate.parse("2019"), PartialDate.parse("2021-03"))
    assert initiative.last_confirmed == PartialDate.parse("2021-02-03")
    assert str(initiative.cancelled_on) == "2021-03-01"
    assert initiative.source_lines == ["Report A", "https://example.org/b"]
    assert {a.code for a in initiative.activities.all()} == {"mediation", "training"}
    assert [(place.country.code, place.place) for place in initiative.locations.all()] == [("KE", "Wajir"), ("TD", "")]
    tags = {(tag.track.code, tag.emphasis, tag.rationale) for tag in initiative.track_tags.all()}
    assert tags == {
        ("business", "lead", "Traders lead it"),
        ("media", "contributing", "Radio"),
        ("religion", "contributing", ""),
    }
    ratings = {(r.principle.code, r.rating, r.evidence, str(r.rated_on)) for r in initiative.principle_ratings.all()}
    assert ratings == {("trust", 3, "They share a till.", "2024-05-06"), ("relationship", 0, "", "2024-05-06")}
    parts = [
        (part.role, part.organisation.name, part.organisation.confirmed) for part in initiative.participations.all()
    ]
    assert parts == [("lead", "Bridge", True), ("funder", "Harbour", True), ("partner", "Elders of the well", False)]
    engagement = initiative.engagements.get()
    assert (engagement.start.iso, engagement.end.iso) == ("2020", "2020-11-30")
    pause = initiative.suspensions.get()
    assert (str(pause.from_on), str(pause.until_on)) == ("2020-03-01", "2020-05-31")
    assert str(initiative.external_ids.get()) == "iati XM-1"
    grant = initiative.grants.get()
    assert (grant.user, grant.access, str(grant.until_on)) == (olga, "write", "2030-01-01")

    # Sent back untouched, the page changes nothing but the version.
    before = Version.objects.get_for_object(initiative).first().revision.version_set.count()
    page = edit_page(client, initiative)
    response = client.post(page.request["PATH_INFO"], as_sent(page, action="publish"))
    assert response.status_code == 302, errors(response)
    again = Version.objects.get_for_object(initiative)
    assert again.count() == 2
    typed_organisation = 1  # made by the first save, and so part of its revision alone
    assert again.first().revision.version_set.count() == before - typed_organisation
    again = edit_page(client, initiative).context["form"].initial
    assert {k: v for k, v in again.items() if k != "version"} == {
        k: v for k, v in page.context["form"].initial.items() if k != "version"
    }


def test_one_save_is_one_revision_with_every_part(form, principles):
    form("publish", **COMPLETE, locations="KE", **{"principle-trust-rating": "1"})
    initiative = Initiative.objects.get()
    revision = Version.objects.get_for_object(initiative).get().revision
    kinds = sorted(version.content_type.model for version in revision.version_set.all())
    assert kinds == ["engagement", "initiative", "location", "participation", "principlerating", "tracktag"]
    assert revision.comment == "Logged and published"


@pytest.mark.parametrize(
    ("left_out", "field"),
    [("conflicts", "conflicts"), ("start", "start"), ("lead_track", "lead_track")],
)
def test_publishing_names_what_is_missing_beside_the_field_and_in_the_summary(form, left_out, field):
    response = form("publish", summary="Typed with care", **{k: v for k, v in COMPLETE.items() if k != left_out})
    assert list(errors(response)) == [field]
    assertContains(response, f'href="#field-{field}"')
    assertContains(response, f'id="field-{field}"')
    assertContains(response, "Typed with care")
    assert not Initiative.objects.exists()


def test_publishing_needs_an_organisation_in_charge(form):
    response = form("publish", **COMPLETE, roles="funder", organisations="bridge")
    assert list(errors(response)) == ["organisations"]
    assert form("publish", **COMPLETE, roles="mediator", organisations="bridge").status_code == 302


def test_what_the_person_may_not_say_is_ignored(form, alice, olga, bridge, harbour):
    form("draft", title="Talks", author=olga.pk, publication="published", owner="harbour", created_at="1999-01-01")
    initiative = Initiative.objects.get()
    assert (initiative.author, initiative.publication, initiative.owner) == (alice, "draft", bridge)
    assert initiative.created_at.date() == today()


def test_an_unknown_button_saves_a_draft(form):
    form("delete everything", **COMPLETE)
    assert Initiative.objects.get().publication == "draft"


def test_a_member_of_two_organisations_says_which_one_owns_the_record(form, alice, bridge, harbour):
    third = OrganisationFactory(code="third")
    MembershipFactory(user=alice, organisation=harbour)
    assert "owner" in errors(form("draft", title="Talks"))
    assert "owner" in errors(form("draft", title="Talks", owner=third.code))
    form("draft", title="Talks", owner="harbour")
    initiative = Initiative.objects.get()
    assert initiative.owner == harbour
    assert initiative.participations.get().organisation == harbour


def test_whoever_belongs_to_no_organisation_is_told_why_they_cannot_log(client, curator):
    client.force_login(curator)
    for response in (client.get(NEW, follow=True), client.post(NEW, {"title": "Talks", "action": "draft"})):
        assertContains(response, "Every initiative belongs to an organisation", status_code=403)
    assert not Initiative.objects.exists()


# ---------------------------------------------------------------- sent twice


def made_with(token, person):
    """The ref of what a person makes with a form's token."""
    return uuid.uuid5(token, str(person.pk))


def test_a_form_sent_twice_makes_one_record(form, alice):
    token = uuid.uuid4()
    first = form("draft", title="Talks", form_token=token)
    second = form("draft", title="Talks", form_token=token)
    assert Initiative.objects.get().ref == made_with(token, alice)
    assert first.url == second.url


def test_a_form_changed_after_back_shows_both_texts_and_loses_none(client, form, alice):
    token = uuid.uuid4()
    form("draft", title="Talks", summary="First thoughts", form_token=token)
    response = form("draft", title="Talks", summary="Second thoughts", form_token=token)
    assert response.status_code == 409
    assertContains(response, "You saved this form before", status_code=409)
    sides = next(sides for sides in response.context["merge"].yours_only if sides.name == "summary")
    assert (sides.label, sides.theirs, sides.yours) == ("Summary", "First thoughts", "Second thoughts")
    assertContains(
        response, f'action="{reverse("initiatives:edit", args=[made_with(token, alice)])}"', status_code=409
    )
    client.post(reverse("initiatives:edit", args=[made_with(token, alice)]), as_sent(response, action="draft"))
    assert Initiative.objects.get().summary == "Second thoughts"


def test_the_empty_form_leads_to_what_was_logged_with_it(client, form):
    address = client.get(NEW).url
    token = address.partition("token=")[2]
    form("draft", title="Talks", form_token=token)
    assertRedirects(client.get(address), reverse("initiatives:edit", args=[Initiative.objects.get().ref]))


def test_a_form_sent_twice_in_the_same_moment_makes_one_record(form, alice, monkeypatch):
    def overtaken(content, *, ref, **said):
        make_initiative("Talks", by=alice, publication="draft", ref=ref)
        return log_initiative(content, ref=ref, **said)

    monkeypatch.setattr("initiatives.views.editing.log_initiative", overtaken)
    token = uuid.uuid4()
    response = form("draft", title="Talks", form_token=token)
    assert Initiative.objects.get().ref == made_with(token, alice)
    assert response.url == reverse("initiatives:edit", args=[made_with(token, alice)])


@pytest.mark.parametrize("sharing", ["restricted", "network"])
def test_a_token_of_somebody_elses_record_is_as_good_as_any(form, olga, alice, sharing):
    theirs = make_initiative(by=olga, sharing=sharing)
    response = form("draft", title="Talks", form_token=theirs.ref)
    mine = Initiative.objects.get(author=alice)
    assert mine.ref != theirs.ref
    assert response.url == reverse("initiatives:edit", args=[mine.ref])
    theirs.refresh_from_db()
    assert theirs.version == 1


def test_a_form_published_twice_is_no_look_alike_of_itself(form):
    first, second = (form("publish", **COMPLETE, form_token="5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11") for _ in range(2))
    assert first.url == second.url == Initiative.objects.get().get_absolute_url()


def test_a_token_does_not_tell_whether_a_record_is_there(form, olga, alice):
    """A ref taken from the token would be another one just where somebody's record has it."""
    hidden, free = make_initiative(by=olga, sharing="restricted").ref, uuid.uuid4()
    for token in (hidden, free):
        form("draft", title="Talks", form_token=token)
        assert Initiative.objects.filter(author=alice).latest("pk").ref == made_with(token, alice)


def test_an_unreadable_token_does_not_get_in_the_way(form):
    assert form("draft", title="Talks", form_token="no token").status_code == 302


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("said", "field", "message"),
    [
        ({"start": "yesterday"}, "start", "Write a year (1993)"),
        ({"start": "2021-13"}, "start", "There is no month 13"),
        ({"end": "2020"}, "start", "say when it began"),
        ({"start": "2021", "end": "2020"}, "end", "before the start (2021)"),
        ({"last_confirmed": "2999"}, "last_confirmed", "still to come"),
        ({"rated_on": "2999-01-01"}, "rated_on", "in the future"),
        ({"cancelled_on": "soon"}, "cancelled_on", "2024-07-15"),
        ({"conflicts": "atlantis"}, "conflicts", "Select a valid choice"),
        ({"lead_track": "nine"}, "lead_track", "Select a valid choice"),
        ({"locations": "ZZ"}, "locations", "Row 1"),
        ({"places": "Wajir"}, "locations", "Row 1: Choose the country"),
        ({"locations": ["KE", "KE"]}, "locations", "Row 2: KE is in an earlier row"),
        ({"roles": "lead"}, "organisations", "Row 1: Name the organisation."),
        ({"organisations": "Harbour"}, "organisations", "Row 1: Choose what this organisation"),
        ({"roles": "lead", "organisations": "x" * 201}, "organisations", "at most 200"),
        ({"roles": ["lead"] * 300, "organisations": ["bridge"] * 300}, "organisations", "At most 60 rows"),
        ({"suspended_until": "2020-01-01"}, "suspensions", "Row 1: Say from which day on."),
        ({"suspended_from": ["2020-01-01", "2021-01-01"]}, "suspensions", "Only one suspension can be open"),
        ({"suspended_from": "2020-02-01", "suspended_until": "2020-01-01"}, "suspensions", "ends before it begins"),
        ({"external_schemes": "iati"}, "external_ids", "Row 1: Write the identifier."),
        ({"engagement_starts": "2020"}, "engagement_dates", "Row 1: Choose the conflict system"),
        ({"engagement_conflicts": "valley", "engagement_starts": "2020"}, "engagement_dates", "is not ticked above"),
        ({"grant_people": "nobody@example.org"}, "grants", "No active member signs in with"),
        ({"grant_people": "nobody"}, "grants", "Row 1"),
        ({"track-media-rationale": "Radio"}, "track-media-rationale", "is not chosen"),
        ({"principle-trust-rating": "3"}, "principle-trust-evidence", "Write down the evidence, or choose 2."),
        ({"principle-trust-evidence": "Seen"}, "principle-trust-rating", "evidence without a rating"),
        ({"principle-trust-rating": "4"}, "principle-trust-rating", "Select a valid choice"),
        ({"sharing": "everyone"}, "sharing", "Select a valid choice"),
        ({"title": "x" * 10_000}, "title", "at most 200"),
        ({"title": "nul \0"}, "title", "Null characters"),
        ({"roles": "lead", "organisations": "nul \0"}, "organisations", "Null characters"),
        ({"conflicts": "nul \0"}, "conflicts", "Select a valid choice"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_nothing_is_saved(form, said, field, message):
    response = form("draft", **({"title": "Talks", "summary": "Typed with care"} | said))
    assert response.status_code == 200
    assert message in " ".join(errors(response)[field])
    assertContains(response, f'href="#field-{field}"')
    assertContains(response, f'id="field-{field}"')
    assertContains(response, "Typed with care")
    assert not Initiative.objects.exists()


def test_a_country_that_was_chosen_stays_chosen_beside_an_error(form):
    response = form("draft", title="", locations=["KE", "CI"], places=["Wajir", "Man"])
    assertContains(response, '<option value="KE" selected>Kenya</option>')
    assertContains(response, "Côte d&#x27;Ivoire</option>")


def test_text_of_any_script_is_kept_and_never_becomes_markup(form, client):
    title = "<script>alert(1)</script> حوار 🕊️ “&amp;”"
    response = form("draft", title=title, roles="partner", organisations="<b>Elders</b>")
    page = client.get(response.url)
    assert Initiative.objects.get().title == title
    assertNotContains(page, "<script>alert(1)")
    assertNotContains(page, "<b>Elders")


def test_bytes_that_are_no_text_are_no_error_of_ours(client, alice):
    client.force_login(alice)
    body = b"title=%ED%A0%80x&action=draft"
    assert client.post(NEW, body, content_type="application/x-www-form-urlencoded").status_code == 302
