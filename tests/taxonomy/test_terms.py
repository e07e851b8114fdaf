"""What a term keeps, whatever happens to it."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from taxonomy.models import Track
from tests.factories import make_initiative


def retire(track, replacement=None):
    track.status, track.replaced_by = "retired", replacement
    track.save()


def test_a_term_in_use_by_a_record_is_never_deleted(tracks, principles, activities):
    initiative = make_initiative(tracks=[tracks["media"]], ratings=[(principles["trust"], 2, "")])
    initiative.activities.add(activities["training"])
    for term in (tracks["media"], principles["trust"]):
        with pytest.raises(ProtectedError):
            term.delete()
    tracks["media"].mappings.all().delete()
    with pytest.raises(ProtectedError):
        tracks["media"].delete()


def test_a_track_that_a_scheme_names_is_never_deleted(tracks):
    with pytest.raises(ProtectedError):
        tracks["religion"].delete()


def test_a_replacement_is_never_deleted(activities):
    activities["training"].status = "retired"
    activities["training"].replaced_by = activities["mediation"]
    activities["training"].save()
    with pytest.raises(ProtectedError):
        activities["mediation"].delete()


def test_a_retired_term_counts_under_the_end_of_its_chain(tracks):
    retire(tracks["media"], tracks["funding"])
    retire(tracks["funding"], tracks["religion"])
    retire(tracks["activism"])
    counted = Track.objects.counted_under()
    assert counted[tracks["media"].pk] == tracks["religion"]
    assert counted[tracks["funding"].pk] == tracks["religion"]
    assert counted[tracks["activism"].pk] == tracks["activism"]
    assert counted[tracks["business"].pk] == tracks["business"]


def test_following_chains_takes_one_query(tracks, django_assert_num_queries):
    retire(tracks["media"], tracks["funding"])
    retire(tracks["funding"], tracks["religion"])
    with django_assert_num_queries(1):
        Track.objects.counted_under()


def test_the_database_refuses_a_replacement_for_a_term_in_use(tracks):
    with pytest.raises(IntegrityError), transaction.atomic():
        Track.objects.filter(code="media").update(replaced_by=tracks["funding"])


def test_the_database_refuses_a_term_that_replaces_itself(tracks):
    with pytest.raises(IntegrityError), transaction.atomic():
        Track.objects.filter(code="media").update(status="retired", replaced_by=tracks["media"])
