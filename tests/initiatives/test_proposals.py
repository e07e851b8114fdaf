"""A link is proposed to the other side, who confirms or declines it; nobody else does, and nobody hears of more."""

import re
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.exceptions import ValidationError
from django.core.mail.backends import locmem
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Version

from initiatives.actions.links import add_link, remove_link
from initiatives.actions.proposals import AnsweredAlready, answer, answerers_of, propose
from initiatives.actions.restoring import as_it_can_return, restore, snapshot_of
from initiatives.models import Grant, Initiative, InitiativeLink
from initiatives.pages.proposals import proposals_for
from mtd_tracker.history import change
from tests.factories import make_initiative


@pytest.fixture
def camp(alice, bridge, valley, tracks):
    """Of Bridge, for the network; complete, so that a version of it can be brought back."""
    parts = {"conflicts": [valley], "tracks": [tracks["media"]], "organisations": [("lead", bridge)]}
    return make_initiative("Peace camp", by=alice, sharing="network", **parts)


@pytest.fixture
def forum(olga):
    """Of Harbour, for the network: Olga and her manager Otto keep it."""
    return make_initiative("Forum of towns", by=olga, sharing="network")


@pytest.fixture
def link(camp, forum):
    return InitiativeLink.objects.create(
        source=camp, target=forum, kind="feeds_into", note="Three campers founded it."
    )


@pytest.fixture
def proposed(link, alice):
    propose(link, by=alice)
    link.refresh_from_db()
    return link


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def address(name, link):
    return reverse(f"initiatives:{name}", args=[link.source.ref, link.target.ref, link.kind])


def say(person, link, word, wording=None):
    return browser(person).post(address("link-answer", link), {"answer": word, "wording": wording or link.wording})


def state(link):
    return InitiativeLink.objects.values_list("evidence", "proposal").get(pk=link.pk)


def notes(record):
    """Shape: [(note, who)], latest first."""
    kept = Version.objects.get_for_object(record).select_related("revision__user")
    return [(version.revision.comment, version.revision.user) for version in kept]


def hide(record, sharing="restricted"):
    Initiative.objects.filter(pk=record.pk).update(sharing=sharing)


# ---------------------------------------------------------------- proposing


def test_it_is_proposed_once_to_those_who_keep_the_other_record(
    link, alice, olga, otto, mailoutbox, django_capture_on_commit_callbacks
):
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            response = browser(alice).post(address("link-propose", link))
        assertRedirects(response, f"{link.source.get_absolute_url()}#links", fetch_redirect_response=False)
    assert state(link) == ("claimed", "open")
    assert [note for note, _ in notes(link.source)] == ["Link proposed to the other side"]
    assert sorted(to for mail in mailoutbox for to in mail.to) == sorted([olga.email, otto.email])
    for mail in mailoutbox:
        assert "/proposals/" in mail.body
        assert not [
            word for word in ("camp", "Forum", "Alice", str(link.source.ref)) if word in mail.body + mail.subject
        ]


def test_who_may_not_change_the_source_proposes_nothing(link, colin, olga):
    for person in (colin, olga):
        assert browser(person).post(address("link-propose", link)).status_code == 403
    assert state(link) == ("claimed", "")


@pytest.mark.parametrize("sharing", ["organisation", "restricted"])
def test_where_nobody_could_answer_it_is_proposed_and_waits(
    link, alice, olga, mailoutbox, django_capture_on_commit_callbacks, sharing
):
    hide(link.source, sharing)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser(alice).post(address("link-propose", link)).status_code == 302
    assert state(link) == ("claimed", "open")
    assert not mailoutbox
    hide(link.source, "network")
    assert list(proposals_for(olga)) == [link]


class Refusing(locmem.EmailBackend):
    def send_messages(self, messages):
        raise SMTPRecipientsRefused({to: (550, b"unknown") for message in messages for to in message.to})


@pytest.mark.parametrize("refused", [False, True])
def test_asking_tells_nobody_who_is_named_on_the_other_record(
    link, alice, colin, mailoutbox, django_capture_on_commit_callbacks, settings, refused
):
    """Colin alone may read the source; whether he is named to write on the target, Alice may not learn."""
    if refused:
        settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    hide(link.source)
    Grant.objects.create(initiative=link.source, user=colin, access="read")

    def told():
        client = browser(alice)
        pages = [client.get(address("link-propose", link))]
        with django_capture_on_commit_callbacks(execute=True):
            pages.append(client.post(address("link-propose", link)))
        pages += [client.get(address("link-propose", link)), client.get(link.source.get_absolute_url())]
        InitiativeLink.objects.update(proposal="")
        return [(page.status_code, re.sub(r'[A-Za-z0-9]{64}|nonce="[^"]*"', "", page.text)) for page in pages]

    told()  # the first opening of a page is written down, and shown there
    before = told()
    assert [status for status, _ in before] == [200, 302, 200, 200]
    assert not mailoutbox
    Grant.objects.create(initiative=link.target, user=colin, access="write")
    assert told() == before
    assert [mail.to for mail in mailoutbox] == ([] if refused else [[colin.email]])


def test_it_waits_for_those_named_to_write_if_they_may_open_the_source(link, colin, olga, otto):
    Grant.objects.create(initiative=link.target, user=colin, access="write")
    assert {one.name for one in answerers_of(link)} == {olga.name, otto.name, colin.name}
    hide(link.source, "organisation")
    assert answerers_of(link) == [colin]


def test_nobody_answers_for_both_sides(alice, maria, colin, camp):
    own = make_initiative("Second camp", by=colin, sharing="network", owner=camp.owner)
    link = InitiativeLink.objects.create(source=camp, target=own, kind="feeds_into")
    assert answerers_of(link) == [colin]  # Maria manages both
    propose(link, by=alice)
    assert say(maria, link, "confirm").status_code == 403
    assert state(link) == ("claimed", "open")


@pytest.mark.parametrize("evidence", ["confirmed", "independent"])
def test_only_a_claimed_link_is_proposed(link, alice, evidence):
    InitiativeLink.objects.filter(pk=link.pk).update(evidence=evidence)
    with pytest.raises(ValidationError, match="already"):
        propose(link, by=alice)


def test_a_person_cannot_record_a_link_as_confirmed(alice, camp, forum):
    response = browser(alice).post(
        reverse("initiatives:link-new", args=[camp.ref]),
        {"target": str(forum.ref), "kind": "funds", "evidence": "confirmed"},
    )
    assertContains(response, "Only the other side confirms a link")
    assert not InitiativeLink.objects.exists()


# ---------------------------------------------------------------- answering


def test_the_other_side_confirms_and_the_history_of_the_source_tells(proposed, olga):
    assertRedirects(say(olga, proposed, "confirm"), reverse("initiatives:proposals"))
    assert state(proposed) == ("confirmed", "")
    assert notes(proposed.source)[0] == ("Link confirmed by the other side", olga)
    [kept] = Version.objects.get_for_object(proposed)[:1]
    assert kept.field_dict["evidence"] == "confirmed"


@pytest.mark.parametrize("word", ["confirm", "decline"])
def test_who_answered_is_told_to_their_own_side_alone(proposed, alice, olga, otto, word):
    say(olga, proposed, word)
    assertContains(browser(otto).get(address("link-answer", proposed)), olga.name)
    proposed.source.refresh_from_db()
    past = reverse("initiatives:history", args=[proposed.source.ref])
    version = reverse("initiatives:version", args=[proposed.source.ref, proposed.source.version])
    for page in (past, version):
        shown = browser(alice).get(page)
        assertContains(shown, "by the other side")
        assertNotContains(shown, olga.name)


@pytest.mark.parametrize("word", ["confirm", "decline"])
def test_an_answer_leaves_no_trace_with_those_who_may_not_open_the_source(proposed, olga, otto, word):
    """Otto manages the organisation that the link leads to; the source is restricted, and Olga named on it."""
    hide(proposed.source)
    Grant.objects.create(initiative=proposed.source, user=olga, access="read")
    pages = [
        reverse(f"initiatives:{name}", args=[proposed.target.ref]) for name in ("detail", "history", "edit", "sharing")
    ]

    def told():
        answers = [browser(otto).get(page).content.decode() for page in pages]
        return [re.sub(r'[A-Za-z0-9]{64}|nonce="[^"]*"', "", answer) for answer in answers]

    before = told()
    assert 'name="version" value="1"' in before[2]
    assert say(olga, proposed, word).status_code == 302
    assert told() == before


def test_the_other_side_declines_and_is_not_asked_the_same_again(proposed, alice, olga):
    assert say(olga, proposed, "decline").status_code == 302
    assert state(proposed) == ("claimed", "declined")
    assert notes(proposed.source)[0] == ("Link declined by the other side", olga)
    assertContains(browser(alice).post(address("link-propose", proposed)), "not asked the same again", status_code=409)
    assert state(proposed) == ("claimed", "declined")
    remove_link(proposed, by=alice)
    words = {"target": proposed.target, "kind": "feeds_into", "evidence": "claimed"}
    again = add_link(proposed.source, by=alice, note=proposed.note, **words)
    with pytest.raises(ValidationError, match="not asked the same again"):
        propose(again, by=alice)
    asking = "Ask them to confirm it"
    assertNotContains(browser(alice).get(again.source.get_absolute_url()), asking)
    remove_link(again, by=alice)
    anew = InitiativeLink.objects.create(
        source=proposed.source, target=proposed.target, kind="feeds_into", note="More."
    )
    assertContains(browser(alice).get(anew.source.get_absolute_url()), asking)
    assert propose(anew, by=alice)


def test_a_second_answer_is_told_that_it_was_decided(proposed, olga, otto):
    say(olga, proposed, "confirm")
    late = say(otto, proposed, "decline")
    assertContains(late, "it is confirmed now", status_code=409)
    assert state(proposed) == ("confirmed", "")
    with pytest.raises(AnsweredAlready):
        answer(proposed, by=otto, confirmed=False, wording=proposed.wording)


def test_an_answer_to_other_words_is_not_done(proposed, olga):
    read = proposed.wording
    InitiativeLink.objects.filter(pk=proposed.pk).update(note="They founded all of it.")
    assertContains(say(olga, proposed, "confirm", read), "It says something else now", status_code=409)
    assert state(proposed) == ("claimed", "open")


@pytest.mark.parametrize("said", [{}, {"answer": "maybe"}, {"answer": "\x00"}])
def test_an_answer_that_cannot_be_read_is_asked_again(proposed, olga, said):
    data = {"wording": proposed.wording} | said
    response = browser(olga).post(address("link-answer", proposed), data)
    assertContains(response, "Choose whether you confirm or decline it.")
    assert state(proposed) == ("claimed", "open")


def test_what_was_never_proposed_has_no_answer(link, olga):
    assertContains(browser(olga).get(address("link-answer", link)), "does not wait for an answer")
    assertContains(say(olga, link, "confirm"), "is not proposed", status_code=409)
    assert state(link) == ("claimed", "")


@pytest.mark.parametrize(
    ("first", "offered", "otherwise", "then"),
    [
        ("confirm", "Take the confirmation back", "decline", ("claimed", "declined")),
        ("decline", "Confirm it after all", "confirm", ("confirmed", "")),
    ],
)
def test_the_other_side_may_think_better_of_it(proposed, alice, olga, otto, first, offered, otherwise, then):
    say(olga, proposed, first)
    proposed.refresh_from_db()
    page = proposed.target.get_absolute_url()
    assertContains(browser(otto).get(page), offered)
    assertNotContains(browser(alice).get(page), offered)
    response = say(otto, proposed, otherwise)
    assertRedirects(response, f"{page}#links", fetch_redirect_response=False)
    assert state(proposed) == then
    assert say(otto, proposed, otherwise).status_code == 409  # the same page, sent twice
    assert len([note for note, who in notes(proposed.source) if who == otto]) == 1


def test_the_same_word_again_writes_nothing(proposed, olga):
    say(olga, proposed, "confirm")
    proposed.refresh_from_db()
    before = notes(proposed.source)
    with pytest.raises(AnsweredAlready):
        answer(proposed, by=olga, confirmed=True, wording=proposed.wording)
    assert notes(proposed.source) == before


def test_the_side_that_proposed_it_hears_of_the_answer(
    link, alice, maria, colin, olga, mailoutbox, django_capture_on_commit_callbacks
):
    propose(link, by=maria)
    link.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        say(olga, link, "decline")
    assert sorted(to for mail in mailoutbox for to in mail.to) == sorted([alice.email, maria.email])
    for mail in mailoutbox:
        assert link.source.get_absolute_url() in mail.body
        assert not [word for word in ("camp", "Forum", "Olga", "Harbour") if word in mail.body + mail.subject]


def test_a_side_that_may_not_open_both_any_more_hears_nothing(
    proposed, olga, mailoutbox, django_capture_on_commit_callbacks
):
    hide(proposed.target, "organisation")
    with django_capture_on_commit_callbacks(execute=True):
        say(olga, proposed, "confirm")
    assert not mailoutbox


def test_what_was_done_with_a_link_is_said_beside_the_links(proposed, olga):
    say(olga, proposed, "confirm")
    proposed.refresh_from_db()
    client = browser(olga)
    data = {"answer": "decline", "wording": proposed.wording}
    page = client.post(address("link-answer", proposed), data, follow=True).content.decode()
    before, after = page.split("It is declined, and stays claimed", 1)
    assert 'id="links"' in before
    assert "</section>" in after


# ---------------------------------------------------------------- in sight


def test_it_waits_for_the_other_side_alone(proposed, alice, maria, colin, olga, otto, curator):
    assert [list(proposals_for(person)) for person in (olga, otto)] == [[proposed]] * 2
    assert not any(proposals_for(person).exists() for person in (alice, maria, colin, curator))


def test_a_source_hidden_since_withdraws_it_from_sight(proposed, olga):
    hide(proposed.source)
    client = browser(olga)
    for page in ("/", "/proposals/", proposed.target.get_absolute_url()):
        assertNotContains(client.get(page), "Peace camp")
    assert client.get(address("link-answer", proposed)).status_code == 404
    assert say(olga, proposed, "confirm").status_code == 404
    with pytest.raises(AnsweredAlready):
        answer(proposed, by=olga, confirmed=True, wording=proposed.wording)
    assert state(proposed) == ("claimed", "open")


def test_the_desk_the_queue_and_the_record_lead_to_the_answer(proposed, olga):
    client = browser(olga)
    for page in ("/", "/proposals/", proposed.target.get_absolute_url()):
        assertContains(client.get(page), address("link-answer", proposed))


def test_what_became_of_it_is_told_to_those_who_change_the_source(proposed, alice, colin):
    page = proposed.source.get_absolute_url()
    assertContains(browser(alice).get(page), "waits for the other side’s answer")
    assertNotContains(browser(colin).get(page), "waits for the other side’s answer")


# ---------------------------------------------------------------- bringing a version back


def restored(record, version, *, by):
    record.refresh_from_db()
    restore(record, as_it_can_return(snapshot_of(version), by=by), by=by, note="Restored")


def test_bringing_a_version_back_never_brings_a_confirmation_back(proposed, alice, olga):
    answer(proposed, by=olga, confirmed=True, wording=proposed.wording)
    confirmed = Version.objects.get_for_object(proposed.source)[0]
    remove_link(InitiativeLink.objects.get(), by=alice)
    restored(proposed.source, confirmed, by=alice)
    assert InitiativeLink.objects.values_list("evidence", "proposal").get() == ("claimed", "")


def test_a_confirmation_stays_while_the_link_says_the_same(proposed, alice, olga):
    before = Version.objects.get_for_object(proposed.source)[0]
    answer(proposed, by=olga, confirmed=True, wording=proposed.wording)
    restored(proposed.source, before, by=alice)
    assert state(proposed) == ("confirmed", "")


def test_other_words_brought_back_are_a_claim_that_nobody_answered(proposed, alice, olga):
    with change(proposed.source, by=alice, note="Reworded") as record:
        record.links_out.update(note="Something else.")
        record.save()
    reworded = Version.objects.get_for_object(proposed.source)[0]
    InitiativeLink.objects.update(note=proposed.note)
    answer(proposed, by=olga, confirmed=True, wording=proposed.wording)
    restored(proposed.source, reworded, by=alice)
    assert InitiativeLink.objects.values_list("evidence", "proposal", "note").get() == (
        "claimed",
        "",
        "Something else.",
    )
