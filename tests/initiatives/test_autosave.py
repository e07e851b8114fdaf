"""Text that is typed and not saved: it comes back, to its writer alone, and is gone once it is saved."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Version

from initiatives.actions.autosaves import keep_text
from initiatives.models import Autosave, Grant, Initiative, Membership
from tests.factories import make_initiative
from tests.initiatives.form_pages import NEW, as_sent, edit_page

KEEP_NEW = "/initiatives/new/autosave/"


@pytest.fixture
def draft(form):
    form("draft", title="First", summary="As stored")
    return Initiative.objects.get()


@pytest.fixture
def type_(client, draft):
    """type_(title=…): what the page sends by itself while Alice edits her draft."""

    def type_(**typed):
        return client.post(keep_address(draft), as_sent(edit_page(client, draft), **typed))

    return type_


def keep_address(initiative):
    return reverse("initiatives:autosave-edit", args=[initiative.ref])


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


# ---------------------------------------------------------------- of a record that is there


def test_what_is_typed_is_kept_and_changes_nothing_else(type_, draft):
    versions = Version.objects.count()
    response = type_(title="Typed")
    assertContains(response, "not saved yet")
    assert Version.objects.count() == versions
    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("First", 1)
    kept = Autosave.objects.get()
    assert (kept.user, kept.initiative, kept.version) == (draft.author, draft, 1)
    assert "csrfmiddlewaretoken" not in kept.sent


def test_it_is_offered_and_taken_up_after_the_form_was_left(client, type_, draft):
    type_(title="Typed", summary="", locations=["KE", ""], places=["Mombasa", "somewhere"], start="1993-")
    page = edit_page(client, draft)
    assertContains(page, "Take it up")
    assert page.context["form"]["title"].value() == "First"
    taken = client.get(page.request["PATH_INFO"] + "?unsaved")
    form = taken.context["form"]
    said = [form[name].value() for name in ("title", "summary", "start", "locations", "version")]
    assert said == ["Typed", "", "1993-", [("KE", "Mombasa"), ("", "somewhere")], 1]
    assert not form.is_bound, "nothing is found fault with before it is sent"
    assertContains(taken, "data-unsaved")
    assertContains(taken, "Discard it")


def test_it_survives_signing_out_and_another_device(client, type_, draft, alice):
    type_(title="Typed")
    client.logout()
    assert client_of(alice).get(reverse("initiatives:edit", args=[draft.ref]) + "?unsaved").context["form"][
        "title"
    ].value() == ("Typed")


def test_saving_lets_go_of_it(client, type_, draft):
    type_(title="Typed")
    page = edit_page(client, draft)
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title="Saved"))
    assert not Autosave.objects.exists()


def test_a_refused_save_leaves_it(client, type_, draft):
    type_(title="Typed")
    page = edit_page(client, draft)
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title=""))
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", version=7))
    assert Autosave.objects.get().title == "Typed"


def test_a_request_that_the_save_overtook_brings_nothing_back(client, draft):
    page = edit_page(client, draft)
    late = as_sent(page, title="Typed")
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title="Saved"))
    assertContains(client.post(keep_address(draft), late), "You saved this record after")
    assert not Autosave.objects.exists()


def test_what_is_typed_while_somebody_else_saves_is_kept_and_leads_to_both_texts(client, draft, olga):
    Grant.objects.create(initiative=draft, user=olga, access="write")
    theirs = client_of(olga)
    page, hers = edit_page(client, draft), edit_page(theirs, draft)
    assert theirs.post(hers.request["PATH_INFO"], as_sent(hers, title="Hers", action="draft")).status_code == 302
    client.post(keep_address(draft), as_sent(page, title="Mine"))
    assertContains(edit_page(client, draft), "you are shown both")
    taken = client.get(page.request["PATH_INFO"] + "?unsaved")
    refused = client.post(page.request["PATH_INFO"], as_sent(taken, action="draft"))
    assert refused.status_code == 409
    (title,) = refused.context["merge"].collisions
    assert (title.base, title.theirs, title.yours) == ("First", "Hers", "Mine")


def test_text_of_a_form_that_came_back_stale_stays_stale(client, draft, type_):
    """It carries the version that its writer has not seen yet: theirs must not be replaced unseen the next day."""
    client.post(keep_address(draft), as_sent(edit_page(client, draft), title="Mine", version=2, base=1))
    assert Autosave.objects.get().version == 1


def test_it_can_be_discarded(client, type_, draft):
    type_(title="Typed")
    response = client.post(keep_address(draft), {"discard": "yes"})
    assertRedirects(response, reverse("initiatives:edit", args=[draft.ref]), fetch_redirect_response=False)
    assertNotContains(edit_page(client, draft), "Take it up")


def test_what_says_just_what_is_stored_is_not_offered(client, type_, draft):
    type_()
    assertNotContains(edit_page(client, draft), "Take it up")


def test_the_latest_text_counts_and_there_is_one_row(type_):
    type_(title="Ty")
    type_(title="Typed")
    assert Autosave.objects.get().title == "Typed"


# ---------------------------------------------------------------- of a new record


def test_the_form_of_a_new_record_comes_back_by_its_own_address(client, form, alice):
    address = client.get(NEW).url
    token = address.partition("token=")[2]
    response = client.post(KEEP_NEW, {"title": "Begun", "form_token": token, "conflicts": ["valley"]})
    assertContains(response, "not saved yet")
    assert not Initiative.objects.exists()
    again = client.get(address)
    assert again.context["form"]["title"].value() == "Begun"
    assert again.context["form"]["conflicts"].value() == ["valley"]
    assert again.context["form"]["form_token"].value() == token
    assertContains(again, "This is your text of")


def test_an_unfinished_form_is_offered_on_the_next_new_one_and_on_the_desk(client, form):
    token = str(uuid.uuid4())
    client.post(KEEP_NEW, {"title": "Begun", "form_token": token})
    for page in (client.get(NEW, follow=True), client.get("/")):
        assertContains(page, f"{NEW}?token={token}")
        assertContains(page, "Begun")
    assertRedirects(client.post(KEEP_NEW, {"form_token": token, "discard": "yes"}), "/", fetch_redirect_response=False)
    assertNotContains(client.get(NEW, follow=True), "Begun")


def test_saving_a_new_record_lets_go_of_its_text_and_a_late_request_brings_nothing_back(client, form):
    token = str(uuid.uuid4())
    client.post(KEEP_NEW, {"title": "Begun", "form_token": token})
    form("draft", title="Begun and done", form_token=token)
    assert not Autosave.objects.exists()
    client.post(KEEP_NEW, {"title": "Begun and", "form_token": token})
    assert not Autosave.objects.exists()


def test_the_desk_names_records_with_unsaved_text_by_a_constant_number_of_queries(client, type_, draft, form):
    type_(title="Typed")
    client.get("/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        assertContains(client.get("/"), f"{reverse('initiatives:edit', args=[draft.ref])}?unsaved")
    for _ in range(4):
        client.post(KEEP_NEW, {"title": "Begun", "form_token": uuid.uuid4()})
    with CaptureQueriesContext(connection) as many:
        assert client.get("/").content.count(b"Begun") == 8  # each in its link, and in its button's name
    assert len(many) == len(few)


# ---------------------------------------------------------------- for nobody else


def test_nobody_else_finds_it(client, type_, draft, alice, maria, olga, curator, administrator):
    for user, access in ((olga, "write"), (maria, "read")):
        Grant.objects.create(initiative=draft, user=user, access=access)
    type_(title="Xylophone", summary="Xylophone")
    client.post(KEEP_NEW, {"title": "Xylophone", "form_token": uuid.uuid4()})
    record = draft.get_absolute_url()
    for user in (maria, olga, curator, administrator):
        own = client_of(user)
        for address in (
            "/",
            NEW,
            "/initiatives/",
            "/initiatives/export.csv",
            record,
            f"{record}edit/?unsaved",
            f"{record}history/",
        ):
            assert b"Xylophone" not in own.get(address, follow=True).getvalue(), (user, address)
    assert b"Xylophone" not in client.get(f"{record}history/").content


def test_each_persons_text_of_one_record_is_their_own(client, type_, draft, olga):
    Grant.objects.create(initiative=draft, user=olga, access="write")
    type_(title="Alice's")
    hers = client_of(olga)
    hers.post(keep_address(draft), as_sent(edit_page(hers, draft), title="Olga's"))
    hers.post(keep_address(draft), {"discard": "yes"})
    assert [(kept.user, kept.title) for kept in Autosave.objects.all()] == [(draft.author, "Alice's")]


def test_a_token_of_somebody_elses_form_reaches_nothing_of_theirs(client, form, olga):
    token = uuid.uuid4()
    client.post(KEEP_NEW, {"title": "Alice's", "form_token": token})
    hers = client_of(olga)
    assert b"Alice&#x27;s" not in hers.get(f"{NEW}?token={token}").content
    hers.post(KEEP_NEW, {"form_token": token, "discard": "yes"})
    assert Autosave.objects.get().title == "Alice's"


def test_whoever_lost_the_record_can_not_take_it_up(client, draft, olga):
    grant = Grant.objects.create(initiative=draft, user=olga, access="write")
    hers = client_of(olga)
    hers.post(keep_address(draft), as_sent(edit_page(hers, draft), title="Olga's"))
    grant.delete()
    assert hers.get(reverse("initiatives:edit", args=[draft.ref]) + "?unsaved").status_code == 404
    assert hers.post(keep_address(draft), {"title": "More", "version": 1}).status_code == 404
    assert b"Olga&#x27;s" not in hers.get("/").content


def test_whoever_left_every_organisation_is_refused(client, form, alice):
    Membership.objects.update(active=False)
    assert client.post(KEEP_NEW, {"title": "Begun", "form_token": uuid.uuid4()}).status_code == 403


def test_it_goes_with_a_deleted_draft(client, type_, draft):
    type_(title="Typed")
    client.post(reverse("initiatives:delete", args=[draft.ref]))
    assert not Autosave.objects.exists()


def test_text_that_nobody_took_up_for_ninety_days_goes(client, form, alice, olga):
    for days, title in ((91, "Old"), (89, "Newer")):
        kept = keep_text({"title": [title]}, by=olga, token=uuid.uuid4())
        Autosave.objects.filter(pk=kept.pk).update(saved_at=timezone.now() - timedelta(days=days))
    client.post(KEEP_NEW, {"title": "Begun", "form_token": uuid.uuid4()})
    assert {kept.title for kept in Autosave.objects.all()} == {"Newer", "Begun"}


def test_a_person_has_no_more_than_thirty_unfinished_forms(alice, bridge):
    for number in range(32):
        keep_text({"title": [str(number)]}, by=alice, token=uuid.uuid4())
    assert {kept.title for kept in Autosave.objects.all()} == {str(number) for number in range(2, 32)}


# ---------------------------------------------------------------- what may be sent


def test_signed_out_it_asks_to_sign_in(draft, client):
    client.logout()
    for address in (KEEP_NEW, keep_address(draft)):
        assert client.post(address, {"title": "Typed"}).url.startswith("/accounts/login/")


def test_a_forged_request_is_refused(draft, alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(keep_address(draft), {"title": "Typed", "version": 1}).status_code == 403


def test_a_link_leads_to_the_form(client, draft):
    assertRedirects(client.get(KEEP_NEW), NEW, fetch_redirect_response=False)
    assertRedirects(
        client.get(keep_address(draft)), reverse("initiatives:edit", args=[draft.ref]), fetch_redirect_response=False
    )


@pytest.mark.parametrize("text", ["\0", "a\0b", "💥 \ud7ff عربى", "<script>alert(1)</script>", "\u2028"])
def test_any_text_is_kept(client, type_, draft, text):
    assert type_(summary=text).status_code == 200
    taken = client.get(reverse("initiatives:edit", args=[draft.ref]) + "?unsaved")
    assert (taken.context["form"]["summary"].value() or "").strip() in (text.replace("\0", "").strip(), "As stored")
    assertNotContains(taken, "<script>alert")


def test_too_much_is_not_kept_and_it_is_said(type_):
    assertContains(type_(description="x" * 200_001), "too long", status_code=413)
    assert not Autosave.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"version": "x"}, {"version": ""}, {"version": "9" * 30}])
def test_a_form_without_its_version_or_token_is_not_kept(client, draft, sent):
    assert client.post(keep_address(draft), {"title": "Typed"} | sent).status_code == 400
    assert client.post(KEEP_NEW, {"title": "Typed", "form_token": "x"}).status_code == 400
    assert not Autosave.objects.exists()


def test_a_password_is_never_kept(client, type_):
    type_(password="secret", old_password="secret")
    assert "secret" not in str(Autosave.objects.get().sent)


def test_a_term_retired_meanwhile_is_left_out_when_text_is_taken_up(client, type_, draft, tracks):
    type_(lead_track="media")
    tracks["media"].status = "retired"
    tracks["media"].save()
    assert client.get(reverse("initiatives:edit", args=[draft.ref]) + "?unsaved").status_code == 200


def test_another_records_text_is_not_offered_here(client, type_, alice):
    type_(title="Typed")
    other = make_initiative("Other", by=alice, publication="draft")
    assertNotContains(edit_page(client, other), "Take it up")


def test_a_token_that_is_a_record_one_may_not_open_is_as_good_as_unknown(alice, olga):
    hidden = make_initiative(by=alice, sharing="restricted")
    assert keep_text({"title": ["Mine"]}, by=olga, token=hidden.ref) is not None
