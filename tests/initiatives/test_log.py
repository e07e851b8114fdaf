"""The diary: who keeps it, who reads it, and that no entry is shared more widely than its initiative."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects, assertTemplateNotUsed
from reversion.models import Version

from initiatives.actions.log import add_entry, edit_entry
from initiatives.dates import today
from initiatives.forms.log import LogEntryForm
from initiatives.models import Grant, Initiative, LogEntry
from tests.factories import make_initiative
from tests.proving import sign_in_and_prove


@pytest.fixture
def dialogue(alice):
    return make_initiative("A dialogue", by=alice, sharing="organisation")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def entry_of(initiative, by, text="Met in the old mill.", sharing="organisation"):
    return add_entry(initiative, by=by, happened_on=today(), kind="meeting", text=text, sharing=sharing)


def said(**data):
    return {"happened_on": "2024-05-01", "kind": "outcome", "text": "They signed.", "sharing": "organisation"} | data


def new(initiative):
    return reverse("initiatives:log-new", args=[initiative.ref])


def one(name, entry):
    return reverse(f"initiatives:log-{name}", args=[entry.initiative.ref, entry.ref])


# ---------------------------------------------------------------- adding


def test_an_entry_is_added_without_javascript(dialogue, colin):
    response = client_of(colin).post(new(dialogue), said())
    assertRedirects(response, f"{dialogue.get_absolute_url()}#diary", fetch_redirect_response=False)
    entry = LogEntry.objects.get()
    assert (entry.author, entry.text, entry.sharing, str(entry.happened_on)) == (
        colin,
        "They signed.",
        "organisation",
        "2024-05-01",
    )
    assert Version.objects.get_for_object(entry).get().revision.user == colin


def test_an_entry_is_added_in_place_by_htmx(dialogue, alice):
    headers = {"HX-Request": "true", "HX-Target": "diary"}
    response = client_of(alice).post(new(dialogue), said(), headers=headers)
    assertContains(response, 'id="diary"')
    assertContains(response, "They signed.")
    assertTemplateNotUsed(response, "base.html")
    assert "HX-Target" in response["Vary"]
    refused = client_of(alice).post(new(dialogue), said(text=""), headers=headers)
    assertContains(refused, "This field is required.")
    assertTemplateNotUsed(refused, "base.html")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"happened_on": (today() + timedelta(days=1)).isoformat()}, "This day is still to come."),
        ({"happened_on": "May"}, "Write the day as year, month and day"),
        ({"text": "  "}, "This field is required."),
        ({"text": "nul\x00"}, "Null characters are not allowed."),
        ({"text": "x" * 10_001}, "at most 10000 characters"),
        ({"kind": "party"}, "Select a valid choice."),
        ({"sharing": "public"}, "Select a valid choice."),
        ({"sharing": "network"}, "Select a valid choice."),  # wider than the dialogue's
    ],
)
def test_a_wrong_entry_is_refused_and_keeps_what_was_typed(dialogue, alice, data, told):
    response = client_of(alice).post(new(dialogue), said(**data))
    assertContains(response, told)
    if "text" not in data:
        assertContains(response, "They signed.")
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("sharing", "offered", "default"),
    [
        ("public", ["network", "organisation", "restricted"], "organisation"),
        ("network", ["network", "organisation", "restricted"], "organisation"),
        ("organisation", ["organisation", "restricted"], "organisation"),
        ("restricted", ["restricted"], "restricted"),
    ],
)
def test_the_choices_are_no_wider_than_the_initiative(alice, sharing, offered, default):
    form = LogEntryForm(initiative=make_initiative(by=alice, sharing=sharing))
    assert [value for value, _ in form.fields["sharing"].choices] == offered
    assert form["sharing"].value() == default


def test_the_action_itself_refuses_a_wider_sharing_and_a_day_to_come(dialogue, alice):
    with pytest.raises(ValidationError, match="more widely than its initiative"):
        entry_of(dialogue, alice, sharing="network")
    with pytest.raises(ValidationError, match="still to come"):
        add_entry(
            dialogue, by=alice, happened_on=today() + timedelta(1), kind="harm", text="x", sharing="organisation"
        )


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize(
    ("person", "status"),
    [("alice", 302), ("colin", 302), ("maria", 302), ("olga", 404), ("curator", 404)],
)
def test_colleagues_keep_the_diary(request, dialogue, person, status):
    response = client_of(request.getfixturevalue(person)).post(new(dialogue), said())
    assert response.status_code == status


def test_readers_elsewhere_do_not_keep_the_diary(alice, olga):
    shared = make_initiative(by=alice, sharing="network")
    assert client_of(olga).post(new(shared), said()).status_code == 403
    assert client_of(olga).get(new(shared)).status_code == 403


@pytest.mark.parametrize("name", ["edit", "delete"])
@pytest.mark.parametrize(
    ("person", "status"), [("alice", 200), ("colin", 200), ("maria", 200), ("pavel", 403), ("olga", 404)]
)
def test_an_entry_is_changed_by_its_author_or_who_may_edit_the_initiative(
    request, dialogue, colin, name, person, status
):
    entry = entry_of(dialogue, colin)
    if person == "pavel":  # another colleague
        other = request.getfixturevalue("olga")
        other.memberships.create(organisation=dialogue.owner)
        user = other
    else:
        user = request.getfixturevalue(person)
    assert client_of(user).get(one(name, entry)).status_code == status
    assert LogEntry.objects.get().text == entry.text


def test_an_entry_is_found_only_under_its_own_initiative(dialogue, alice):
    entry = entry_of(dialogue, alice)
    other = make_initiative(by=alice)
    elsewhere = reverse("initiatives:log-edit", args=[other.ref, entry.ref])
    assert client_of(alice).get(elsewhere).status_code == 404


def test_a_restricted_entry_is_not_there_for_a_colleague(dialogue, alice, colin):
    entry = entry_of(dialogue, alice, text="A name was given.", sharing="restricted")
    assert client_of(colin).get(one("edit", entry)).status_code == 404
    assertNotContains(client_of(colin).get(dialogue.get_absolute_url()), "A name was given.")
    assertContains(client_of(alice).get(dialogue.get_absolute_url()), "A name was given.")


def test_an_entry_is_no_wider_than_its_initiative_is_by_then(alice):
    as_read = make_initiative(by=alice, sharing="network")
    Initiative.objects.update(sharing="restricted")
    with pytest.raises(ValidationError, match="more widely than its initiative"):
        entry_of(as_read, alice, sharing="network")


def test_narrowing_an_initiative_narrows_its_diary(alice, olga):
    shared = make_initiative(by=alice, sharing="network")
    entry_of(shared, alice, sharing="network")
    assertContains(client_of(olga).get(shared.get_absolute_url()), "for: network")
    shared.sharing = "restricted"
    shared.save()
    Grant.objects.create(initiative=shared, user=olga)
    assertContains(client_of(olga).get(shared.get_absolute_url()), "for: restricted")
    entry = LogEntry.objects.get()
    assert LogEntryForm(instance=entry, initiative=shared)["sharing"].value() == "restricted"


# ---------------------------------------------------------------- changing, deleting


def test_an_entry_is_edited(dialogue, alice):
    entry = entry_of(dialogue, alice)
    response = client_of(alice).post(one("edit", entry), said(version=1))
    assertRedirects(response, f"{dialogue.get_absolute_url()}#diary", fetch_redirect_response=False)
    assert LogEntry.objects.get().text == "They signed."
    assert Version.objects.get_for_object(entry).count() == 2


def test_a_stale_edit_is_refused_with_both_texts_and_works_when_sent_again(dialogue, alice, colin):
    entry = entry_of(dialogue, colin)
    edit_entry(entry, by=colin, happened_on=today(), kind="meeting", text="Theirs.", sharing="organisation")
    client = client_of(alice)
    response = client.post(one("edit", entry), said(text="Mine.", version=1))
    for text in ("It was saved elsewhere", "Theirs.", "Mine."):
        assertContains(response, text, status_code=409)
    assert LogEntry.objects.get().text == "Theirs."
    version = response.context["form"]["version"].value()
    assert client.post(one("edit", entry), said(text="Mine.", version=version)).status_code == 302
    assert LogEntry.objects.get().text == "Mine."


def test_deleting_asks_first(dialogue, alice):
    entry = entry_of(dialogue, alice)
    client = client_of(alice)
    assertContains(client.get(one("delete", entry)), "Met in the old mill.")
    assert LogEntry.objects.exists()
    assert client.post(one("delete", entry)).status_code == 302
    assert not LogEntry.objects.exists()
    assert client.post(one("delete", entry)).status_code == 404
    latest = Version.objects.get_for_object_reference(LogEntry, entry.pk).first()
    assert (latest.revision.comment, latest.revision.user) == ("Log entry deleted", alice)


def test_a_hostile_entry_is_text(dialogue, alice):
    entry = entry_of(dialogue, alice, text="<script>alert('e')</script>")
    for address in (dialogue.get_absolute_url(), one("edit", entry), one("delete", entry)):
        assertNotContains(client_of(alice).get(address), "<script>alert")


# ---------------------------------------------------------------- who may widen it, and what is sent twice


def test_somebody_named_to_write_narrows_the_entry_of_another_but_never_widens_it(alice, olga):
    initiative = make_initiative(by=alice, sharing="public")
    Grant.objects.create(initiative=initiative, user=olga, access="write")
    entry = entry_of(initiative, alice, sharing="organisation")
    page = client_of(olga).get(one("edit", entry))
    assert [value for value, _ in page.context["form"].fields["sharing"].choices] == ["organisation", "restricted"]
    response = client_of(olga).post(one("edit", entry), said(sharing="network", version=1))
    assert "sharing" in response.context["form"].errors
    with pytest.raises(ValidationError):
        edit_entry(entry, by=olga, happened_on=today(), kind="meeting", text="Met.", sharing="network")
    client_of(olga).post(one("edit", entry), said(sharing="restricted", version=1))
    entry.refresh_from_db()
    assert entry.sharing == "restricted"


def test_its_author_and_whoever_shares_the_initiative_widen_an_entry(alice, maria, olga):
    initiative = make_initiative(by=alice, sharing="public")
    Grant.objects.create(initiative=initiative, user=olga, access="write")
    for person, author in ((olga, olga), (alice, olga), (maria, alice)):
        entry = entry_of(initiative, author, text=f"{person} and {author}", sharing="organisation")
        Grant.objects.get_or_create(initiative=initiative, user=person)
        address = one("edit", entry)
        asked = client_of(person).post(address, said(sharing="network", version=1))
        assert asked.url.startswith("/accounts/reauthenticate/")
        client = Client()
        sign_in_and_prove(client, person)
        client.post(address, said(sharing="network", version=1))
        entry.refresh_from_db()
        assert entry.sharing == "network", person


def test_an_entry_sent_twice_is_kept_once(dialogue, colin):
    for _ in range(2):
        assert client_of(colin).post(new(dialogue), said()).status_code == 302
    assert dialogue.log_entries.count() == 1
    client_of(colin).post(new(dialogue), said(text="They signed again."))
    assert dialogue.log_entries.count() == 2


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_an_entry_deleted_in_the_same_moment_is_not_there(dialogue, colin, name, monkeypatch):
    entry = entry_of(dialogue, colin)
    found = LogEntry.objects.select_related("initiative").get(pk=entry.pk)
    entry.delete()
    monkeypatch.setattr("initiatives.views.log._entry_to_change", lambda user, ref, entry: found)
    assert client_of(colin).post(one(name, found), said(version=1)).status_code == 404
