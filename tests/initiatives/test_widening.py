"""What opens a record to somebody, case by case. Days are counted from 15 June 2024."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from reversion.models import Version

from initiatives.actions.content import Content
from initiatives.actions.initiatives import edit_initiative, log_initiative
from initiatives.actions.lifecycle import publish, withdraw
from initiatives.actions.review import approve
from initiatives.actions.sharing import change_sharing
from initiatives.models import Initiative, OrganisationGrant, Sharing
from initiatives.widening import Reach, gains
from tests.factories import MembershipFactory, make_initiative

TODAY, YESTERDAY, SOON, LATER = (date(2024, 6, day) for day in (15, 14, 20, 25))


def reach(owner, sharing="organisation", people=None, partners=None):
    return Reach(sharing, owner, people or {}, partners or {})


@pytest.mark.parametrize("before", Sharing.values)
@pytest.mark.parametrize("after", Sharing.values)
def test_a_wider_level_opens_and_a_narrower_one_does_not(bridge, before, after):
    order = ["restricted", "organisation", "network", "public"]
    found = gains(reach(bridge, before), reach(bridge, after))
    assert bool(found) == (order.index(after) > order.index(before))


@pytest.mark.parametrize(
    ("before", "after", "opens"),
    [
        (None, ("read", None), True),
        (None, ("read", TODAY), True),
        (None, ("write", YESTERDAY), False),  # it has passed already
        (("read", None), None, False),
        (("read", None), ("read", None), False),
        (("read", None), ("read", SOON), False),
        (("read", SOON), ("read", None), True),
        (("read", SOON), ("read", LATER), True),
        (("read", LATER), ("read", SOON), False),
        (("read", YESTERDAY), ("read", SOON), True),
        (("read", None), ("write", None), True),
        (("read", None), ("write", SOON), True),
        (("write", None), ("read", None), False),
        (("write", SOON), ("write", LATER), True),
        (("write", YESTERDAY), ("read", TODAY), True),
    ],
)
def test_naming_a_person_opens_where_they_gain_a_day_or_the_pen(bridge, olga, before, after, opens):
    before, after = ({olga: said} if said else {} for said in (before, after))
    with time_machine.travel(TODAY, tick=False):
        found = gains(reach(bridge, people=before), reach(bridge, people=after))
    assert [gain.who for gain in found] == ([olga] if opens else [])


@pytest.mark.parametrize(
    ("before", "after", "opens"),
    [
        ((False, None), (True, None), True),
        ((False, None), (True, YESTERDAY), False),
        ((True, None), (False, None), False),
        ((True, SOON), (True, LATER), True),
        ((True, None), (True, LATER), False),
        ((True, YESTERDAY), (True, None), True),
    ],
)
def test_a_partner_opens_likewise(bridge, harbour, before, after, opens):
    before, after = ({harbour: until} if opened else {} for opened, until in (before, after))
    with time_machine.travel(TODAY, tick=False):
        found = gains(reach(bridge, partners=before), reach(bridge, partners=after))
    assert bool(found) == opens


def test_another_owner_opens_at_every_level(bridge, harbour):
    for sharing in Sharing.values:
        (gain,) = gains(reach(bridge, sharing), reach(harbour, sharing))
        assert (gain.who, gain.as_owner) == (harbour, True)


@pytest.mark.parametrize(
    ("sharing", "before", "after", "opens"),
    [
        ("public", "year", "month", True),
        ("network", "month", "", True),
        ("network", "", "year", False),
        ("network", "year", "year", False),
        ("organisation", "year", "", False),  # nobody outside is told anything
    ],
)
def test_telling_those_outside_more_precisely_opens_it(bridge, sharing, before, after, opens):
    before, after = (replace(reach(bridge, sharing), shown_dates=shown) for shown in (before, after))
    assert [gain.shows for gain in gains(before, after)] == (["shown_dates"] if opens else [])


def test_places_open_likewise_where_a_partner_reads(bridge, harbour):
    before, after = (
        replace(reach(bridge, partners={harbour: None}), shown_places=shown) for shown in ("region", "country")
    )
    assert [gain.shows for gain in gains(before, after)] == ["shown_places"]


# ---------------------------------------------------------------- no other way round


@pytest.fixture
def initiative(alice, bridge, valley, tracks):
    return make_initiative(
        by=alice,
        conflicts=[valley],
        tracks=[tracks["media"]],
        organisations=[("lead", bridge)],
        sharing="organisation",
    )


def content_of(initiative, **fields):
    return Content(
        title=initiative.title,
        start=initiative.start,
        engagements=[(row.conflict_system, None, None) for row in initiative.engagements.all()],
        participations=[(row.role, row.organisation) for row in initiative.participations.all()],
        lead_track=initiative.track_tags.get().track,
        **fields,
    )


@pytest.mark.parametrize("state", ["published", "withdrawn", "in_review"])
def test_editing_a_record_can_not_open_it(initiative, alice, maria, olga, otto, harbour, state):
    MembershipFactory(user=alice, organisation=harbour)  # else she would lose an unpublished one by handing it over
    Initiative.objects.update(publication=state)
    for fields, owner in (
        ({"sharing": "network"}, None),
        ({"grants": [(olga, "read", None)]}, None),
        ({}, harbour),
    ):
        with pytest.raises(ValidationError) as refusal:
            edit_initiative(initiative, content_of(initiative, **fields), by=alice, owner=owner)
        assert set(refusal.value.message_dict) == {"reason", "agreed"}
    initiative.refresh_from_db()
    assert (initiative.sharing, initiative.owner.code, initiative.version) == ("organisation", "bridge", 1)
    assert not initiative.grants.exists()


def test_editing_a_record_may_narrow_it(initiative, alice):
    assert edit_initiative(initiative, content_of(initiative, sharing="restricted"), by=alice).sharing == "restricted"


def test_the_first_publication_to_its_organisation_and_people_named_asks_nothing(initiative, alice, olga):
    Initiative.objects.update(publication="draft", sharing="restricted")
    said = content_of(initiative, sharing="organisation", grants=[(olga, "write", None)])
    assert edit_initiative(initiative, said, by=alice, publish=True).is_published


@pytest.mark.parametrize("sharing", ["network", "public"])
def test_the_first_publication_beyond_its_organisation_takes_the_agreement_of_those_concerned(
    initiative, alice, bridge, sharing
):
    Initiative.objects.update(publication="draft", sharing=sharing)
    wide = content_of(initiative, sharing=sharing)
    ways = (
        lambda **said: publish(initiative, by=alice, **said),
        lambda **said: edit_initiative(initiative, wide, by=alice, publish=True, **said),
        lambda **said: log_initiative(wide, by=alice, owner=bridge, publish=True, **said),
    )
    for way in ways:
        with pytest.raises(ValidationError) as refusal:
            way()
        assert set(refusal.value.message_dict) == {"agreed"}
        assert not Initiative.objects.published().exists()
    for way in ways:
        record = way(agreed=True)
        assert record.is_published
        assert Version.objects.get_for_object(record)[0].revision.comment.endswith("agreement of those concerned")
        Initiative.objects.filter(pk=initiative.pk).update(publication="draft")
        Version.objects.all().delete()


def test_sent_for_review_beyond_its_organisation_takes_it_too(initiative, alice, maria, bridge):
    Initiative.objects.update(publication="draft", sharing="network")
    bridge.reviews = True
    bridge.save()
    with pytest.raises(ValidationError):
        publish(initiative, by=alice)
    sent = publish(initiative, by=alice, agreed=True)
    assert approve(sent, by=maria, version=sent.version).is_published  # the reviewer isn't asked again


def test_a_draft_opened_to_a_partner_takes_it_too(initiative, alice, harbour):
    Initiative.objects.update(publication="draft")
    OrganisationGrant.objects.create(initiative=initiative, organisation=harbour)
    with pytest.raises(ValidationError):
        publish(initiative, by=alice)


def test_a_record_may_be_published_again_to_those_who_read_it_before(initiative, alice):
    withdraw(initiative, by=alice)
    publish(initiative, by=alice)
    initiative.refresh_from_db()
    assert (initiative.publication, initiative.sharing) == ("published", "organisation")


def test_what_is_said_while_it_is_withdrawn_counts_too(initiative, alice):
    withdraw(initiative, by=alice)
    with pytest.raises(ValidationError):
        change_sharing(initiative, {"sharing": "public"}, by=alice)
