"""Questions kept under a name: addresses of this site's own pages, and each reader's own answer."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from initiatives.actions.merging import merge_organisations
from initiatives.actions.questions import (
    MOST,
    MOST_ON_HOME,
    delete_question,
    edit_question,
    keep_question,
    move_question,
)
from initiatives.models import SavedQuestion
from initiatives.questions import address_of, counts_for, split_address, words_of
from tests.factories import ConflictSystemFactory, MembershipFactory, OrganisationFactory, make_initiative

pytestmark = pytest.mark.django_db
DASHBOARD = "/conflicts/valley/?from=2020"


def kept(by, address=DASHBOARD, name="Valley", sharing="mine", **more):
    return keep_question(address, by=by, name=name, sharing=sharing, **more)


# ---------------------------------------------------------------- which addresses


@pytest.mark.parametrize(
    ("address", "path", "query"),
    [
        ("/initiatives/?page=3&track=media&q=&nonsense=1&sort=title", "/initiatives/", "track=media&sort=title"),
        ("/initiatives/?to=2024&from=2020", "/initiatives/", "from=2020&to=2024"),
        ("/conflicts/valley/?arcs=off&from=2020&utm=x", "/conflicts/valley/", "from=2020&arcs=off"),
        ("/conflicts/valley/trend/?by=year", "/conflicts/valley/trend/", "by=year"),
        ("/conflicts/valley/sequence/", "/conflicts/valley/sequence/", ""),
        ("/conflicts/valley/report/?as=public", "/conflicts/valley/report/", "as=public"),
        (
            "/conflicts/valley/linkage/?target=media&source=business&page=2",
            "/conflicts/valley/linkage/",
            "source=business&target=media",
        ),
        ("/conflicts/valley/known/?on=2020&from=2019", "/conflicts/valley/known/", "from=2019&on=2020"),
        (
            "/organisations/bridge/portfolio/?organisation=x&track=media",
            "/organisations/bridge/portfolio/",
            "track=media",
        ),
        ("/conflicts/compare/?system=valley&system=hills", "/conflicts/compare/", "system=valley&system=hills"),
        ("/conflicts/?from=2020&to=2010", "/conflicts/", ""),
        ("/conflicts/valley/tracks/media/?page=2&from=2019", "/conflicts/valley/tracks/media/", "from=2019"),
        ("/conflicts/valley/open-points/?point=no-start&page=2", "/conflicts/valley/open-points/", "point=no-start"),
        ("/conflicts/valley/open-points/?point=no-such", "/conflicts/valley/open-points/", ""),
        ("/organisations/bridge/principles/?organisation=x&to=2020", "/organisations/bridge/principles/", "to=2020"),
    ],
)
def test_an_address_is_kept_in_the_order_of_its_pages_form(alice, valley, tracks, hills, address, path, query):
    assert split_address(address, user=alice)[:2] == (path, query)


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("/conflicts/valley/linkage/", 2),
        ("/conflicts/valley/linkage/?source=media&target=business", 1),
        ("/conflicts/valley/known/?on=2020-12-31", 1),
        ("/organisations/bridge/portfolio/", 1),
        ("/organisations/bridge/principles/", 1),
        ("/conflicts/valley/tracks/media/", 2),
        ("/conflicts/valley/tracks/media/?from=2021&lead_only=on", 2),
        ("/conflicts/valley/tracks/business/?lead_only=on", 0),
        ("/conflicts/valley/open-points/", 3),
        ("/conflicts/valley/open-points/?point=no-start", 1),
        ("/conflicts/valley/open-points/?q=second", 1),
    ],
)
def test_ties_the_known_and_an_organisations_work_are_counted_as_their_pages_count(
    alice, bridge, valley, tracks, address, count
):
    both, media = [tracks["media"], tracks["business"]], [tracks["media"]]
    make_initiative(by=alice, conflicts=[valley], tracks=both, start="2020", organisations=[("lead", bridge)])
    make_initiative("Second", by=alice, conflicts=[valley], tracks=media, start="2021")
    make_initiative(by=alice, conflicts=[valley], tracks=media, start=None)
    assert counts_for(alice, kept(alice, address)) == (count,)


def test_of_all_systems_each_initiative_that_counts_in_some_is_counted_once(alice, valley, hills, tracks):
    media = [tracks["media"]]
    make_initiative(by=alice, conflicts=[valley, hills], tracks=media, start="2020")
    make_initiative(by=alice, conflicts=[hills], tracks=media, start="2020", end="2021")
    make_initiative(by=alice, conflicts=[hills], tracks=media, start="2999")
    make_initiative(by=alice, conflicts=[valley], tracks=[], start="2020")
    make_initiative(by=alice, tracks=media, start="2020")
    assert counts_for(alice, kept(alice, "/conflicts/")) == (2,)


@pytest.fixture
def hills(db):
    return ConflictSystemFactory(code="hills", name="Hills")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://example.org/initiatives/",
        "//example.org/initiatives/",
        "/\\example.org/",
        "javascript:alert(1)",
        "/initiatives/new/",
        "/accounts/logout/",
        "/admin/",
        "/conflicts/nowhere/",
        "/conflicts/valley/coverage.json",
        "/initiatives/?track=no-such",
        "/initiatives/?q=%00",
        "/conflicts/valley/?from=2030&to=2020",
        "/conflicts/compare/?system=valley",
        "/conflicts/valley/report/",
        "/conflicts/valley/linkage/?source=media",
        "/conflicts/valley/known/?on=2999",
        "/organisations/nowhere/portfolio/",
        "/organisations/nowhere/principles/",
        "/conflicts/valley/tracks/no-such/",
        "/conflicts/nowhere/tracks/media/",
        "/conflicts/nowhere/open-points/",
        "/initiatives/?q=" + "x" * 2000,
        "http://[",
    ],
)
def test_no_other_address_and_no_unreadable_question_is_kept(client, alice, valley, address):
    with pytest.raises(ValidationError):
        split_address(address, user=alice)
    client.force_login(alice)
    response = client.post(reverse("initiatives:question-new"), {"address": address, "name": "N", "sharing": "mine"})
    assert response.status_code == 400
    assert not SavedQuestion.objects.exists()


def test_the_work_of_an_organisation_one_may_not_know_of_is_not_kept(alice, olga, bridge):
    mill = OrganisationFactory(code="mill", confirmed=False)
    make_initiative(by=alice, sharing="restricted", organisations=[("lead", mill)])
    address = "/organisations/mill/portfolio/"
    assert split_address(address, user=alice)[0] == address
    with pytest.raises(ValidationError, match="not there"):
        split_address(address, user=olga)


def test_what_is_left_open_is_neither_kept_nor_counted_for_somebody_outside_the_network(alice, valley):
    question = kept(alice, "/conflicts/valley/open-points/", sharing="link")
    assert counts_for(alice, question) == (0,)
    alice.memberships.update(active=False)
    alice = type(alice).objects.get(pk=alice.pk)
    assert counts_for(alice, question) is None
    with pytest.raises(ValidationError, match="members of the network alone"):
        split_address("/conflicts/valley/open-points/", user=alice)


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/conflicts/valley/tracks/media/?from=2020", "Who is on Media in Valley: From 2020"),
        ("/conflicts/", "Conflict systems"),
        ("/conflicts/valley/open-points/?point=no-start", "What is left open in Valley, “Since when?”"),
        ("/organisations/bridge/principles/?q=boat", "Principles by track, Bridge: Text boat"),
    ],
)
def test_each_of_these_pages_offers_to_be_kept_under_a_name_of_its_own(
    client, alice, bridge, valley, tracks, address, title
):
    client.force_login(alice)
    assertContains(client.get(address), "Keep this question")
    assert split_address(address, user=alice)[2] == title


def test_nothing_but_those_pages_is_ever_opened(client, alice, valley):
    question = kept(alice, sharing="link")
    assert client.get(question.get_absolute_url()).url == DASHBOARD
    SavedQuestion.objects.update(path="/accounts/logout/")
    assert client.get(question.get_absolute_url()).status_code == 404
    question.refresh_from_db()
    assert address_of(question) is None
    assert counts_for(alice, question) is None


# ---------------------------------------------------------------- whose it is


def test_by_link_it_opens_for_everyone_and_answers_each_by_what_they_may_see(client, alice, olga, valley, tracks):
    make_initiative("Ours", by=alice, conflicts=[valley], tracks=[tracks["media"]])
    question = kept(alice, address="/initiatives/", sharing="link")
    assert counts_for(alice, question) == (1,)
    assert counts_for(olga, question) == (0,)
    client.force_login(olga)
    assert "Ours" not in client.get(question.get_absolute_url(), follow=True).content.decode()
    client.logout()
    assert client.get(question.get_absolute_url(), follow=True).status_code == 200


def test_shared_in_an_organisation_it_opens_for_its_members_while_both_belong_to_it(
    alice, colin, olga, bridge, valley
):
    question = kept(alice, sharing="organisation", organisation=bridge)

    def readers():
        return [user for user in (alice, colin, olga) if question in SavedQuestion.objects.visible_to(user)]

    assert readers() == [alice, colin]
    assert list(SavedQuestion.objects.from_colleagues_of(colin)) == [question]
    alice.memberships.update(active=False)
    assert readers() == [alice]
    assert not SavedQuestion.objects.from_colleagues_of(colin).exists()


def test_ones_own_is_nobody_elses(client, alice, colin, valley):
    question = kept(alice)
    client.force_login(colin)
    assert client.get(question.get_absolute_url()).status_code == 404
    assert "Valley" not in client.get(reverse("initiatives:questions")).content.decode()


def test_a_link_of_somebody_who_left_opens_nothing(alice, olga, valley):
    question = kept(alice, sharing="link")
    alice.is_active = False
    alice.save()
    assert question not in SavedQuestion.objects.visible_to(olga)


def test_only_who_kept_it_changes_it(alice, colin, bridge, valley):
    question = kept(alice, sharing="organisation", organisation=bridge)
    for change in (
        lambda: edit_question(question, by=colin, name="Mine", sharing="mine"),
        lambda: delete_question(question, by=colin),
        lambda: move_question(question, by=colin, later=True),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert SavedQuestion.objects.get().name == "Valley"


def test_it_is_shared_in_an_organisation_of_ones_own(alice, harbour, valley):
    with pytest.raises(ValidationError, match="one of your organisations"):
        kept(alice, sharing="organisation", organisation=harbour)


def test_a_merge_of_organisations_takes_them_along(alice, curator, valley):
    source, target = OrganisationFactory(name="Old"), OrganisationFactory(name="New", confirmed=True)
    membership = MembershipFactory(user=alice, organisation=source)
    question = kept(alice, sharing="organisation", organisation=source)
    membership.delete()
    merge_organisations(source, target, by=curator)
    question.refresh_from_db()
    assert question.organisation == target


# ---------------------------------------------------------------- keeping, order, limits


def test_the_way_by_pages(client, alice, valley):
    client.force_login(alice)
    page = client.get(DASHBOARD)
    link = f"{reverse('initiatives:question-new')}?address=%2Fconflicts%2Fvalley%2F%3Ffrom%3D2020"
    assert f'href="{link}"' in page.content.decode()
    assert client.get(link).context["form"].initial["name"] == "Coverage of Valley: From 2020"
    sent = {"address": DASHBOARD, "name": "<b>Mine</b>", "sharing": "mine", "on_home": "on"}
    assert client.post(reverse("initiatives:question-new"), sent).url == DASHBOARD
    question = SavedQuestion.objects.get()
    assert "&lt;b&gt;Mine&lt;/b&gt;" in client.get("/").content.decode()
    edit = reverse("initiatives:question-edit", args=[question.ref])
    assert client.post(edit, {"name": "a\0", "sharing": "mine"}).context["form"].errors.keys() == {"name"}
    client.post(edit, {"name": "Other", "sharing": "organisation", "organisation": "bridge"})
    question.refresh_from_db()
    assert (question.name, question.organisation.code, question.on_home) == ("Other", "bridge", False)
    delete = reverse("initiatives:question-delete", args=[question.ref])
    assert "Other" in client.get(delete).content.decode()
    assert client.post(delete).url == reverse("initiatives:questions")
    assert not SavedQuestion.objects.exists()


@pytest.mark.parametrize("page", ["?turn=", "trend/?by=", "sequence/?flows="])
def test_an_address_that_no_browser_would_open_is_not_kept(alice, valley, page):
    with pytest.raises(ValidationError, match="too long"):
        kept(alice, address=f"/conflicts/valley/{page}{'漢' * 1900}")


@pytest.mark.parametrize(
    ("address", "name", "words"),
    [
        ("/initiatives/", "Initiatives", []),
        (
            "/initiatives/?conflict=valley&status=active&track=media&q=boat&sort=title",
            "Initiatives: Text boat, Valley, Active, 9 Media",
            ["Text: boat", "Conflict system: valley", "Status: Active", "Track: media", "Sort: title"],
        ),
        ("/conflicts/valley/?from=2000&turn=2", "Coverage of Valley: From 2000", ["From: 2000"]),
        (
            "/organisations/bridge/portfolio/?from=2000&track=media",
            "Work of Bridge: From 2000, 9 Media",
            ["From: 2000", "Track: media"],
        ),
        (
            "/conflicts/compare/?system=valley&system=hills",
            "Comparison: Hills, Valley",
            ["Conflict systems: valley, hills"],
        ),
    ],
)
def test_its_name_and_its_list_say_what_it_narrows(client, alice, valley, hills, tracks, address, name, words):
    client.force_login(alice)
    page = client.get(reverse("initiatives:question-new"), {"address": address})
    assert page.context["form"].initial["name"] == name
    question = kept(alice, address=address)
    assert client.get(reverse("initiatives:questions")).context["own"][0][2] == words
    assert words_of(question) == words


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (DASHBOARD, "The coverage of a conflict system: <bdi>Valley</bdi>"),
        ("/conflicts/valley/sequence/", "Which tracks ran when: <bdi>Valley</bdi>"),
        ("/conflicts/compare/?system=valley&system=hills", "A comparison of conflict systems<"),
        ("/organisations/bridge/portfolio/", "The work of an organisation<"),
    ],
)
def test_the_list_names_the_conflict_system_that_a_question_is_about(
    client, alice, bridge, valley, hills, address, told
):
    ConflictSystemFactory(code="bridge", name="Of the same code")
    kept(alice, address=address)
    client.force_login(alice)
    assertContains(client.get(reverse("initiatives:questions")), told)


def test_the_lists_queries_do_not_grow(client, alice, valley, hills):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("initiatives:questions"))
        return len(captured)

    client.force_login(alice)
    kept(alice)
    few = queries()
    kept(alice, address="/conflicts/hills/trend/")
    kept(alice, address="/conflicts/hills/sequence/")
    assert queries() == few


def test_one_takes_the_place_of_another_of_which_all_else_stays(client, alice, colin, valley):
    first = kept(alice, name="First", sharing="link", on_home=True, monthly=True)
    second = kept(alice, name="Second")
    client.force_login(alice)
    sent = {"address": "/initiatives/?q=boat", "name": "Boats", "sharing": "mine", "in_place_of": first.ref}
    page = client.post(reverse("initiatives:question-new"), sent, follow=True)
    assert f'href="http://testserver{first.get_absolute_url()}"' in page.content.decode()
    assert list(SavedQuestion.objects.of(alice).values_list("ref", "name", "query")) == [
        (first.ref, "Boats", "q=boat"),
        (second.ref, "Second", "from=2020"),
    ]
    said = SavedQuestion.objects.values_list("sharing", "on_home", "monthly", "sent_for")
    assert said.get(ref=first.ref) == ("link", True, True, first.sent_for)
    theirs = kept(colin)
    form = client.post(reverse("initiatives:question-new"), sent | {"in_place_of": theirs.ref}).context["form"]
    assert form.errors.keys() == {"in_place_of"}
    with pytest.raises(PermissionDenied):
        kept(alice, in_place_of=theirs)


def test_whoever_keeps_none_yet_is_not_asked_for_one_to_replace(client, alice, valley):
    client.force_login(alice)
    page = client.get(reverse("initiatives:question-new"), {"address": DASHBOARD})
    assert "in_place_of" not in page.context["form"].fields


def test_a_signed_out_reader_is_offered_no_keeping(client, valley):
    assert "Keep this question" not in client.get(DASHBOARD).content.decode()


def test_what_was_typed_wrongly_stays_in_the_form(client, alice, valley):
    client.force_login(alice)
    response = client.post(
        reverse("initiatives:question-new"), {"address": DASHBOARD, "name": "", "sharing": "nobody", "on_home": "on"}
    )
    assert response.context["form"].errors.keys() == {"name", "sharing"}
    assert f'value="{DASHBOARD}"' in response.content.decode()


def test_sent_twice_it_is_kept_once(alice, valley):
    assert kept(alice) == kept(alice)


def test_they_stand_in_the_order_that_their_keeper_gives_them(alice, valley):
    one, two, three = (kept(alice, name=name) for name in ("one", "two", "three"))

    def names():
        return list(SavedQuestion.objects.of(alice).values_list("name", flat=True))

    move_question(three, by=alice, later=False)
    assert names() == ["one", "three", "two"]
    move_question(one, by=alice, later=False)
    move_question(two, by=alice, later=True)
    assert names() == ["one", "three", "two"]
    delete_question(three, by=alice)
    kept(alice, name="last")
    assert names() == ["one", "two", "last"]


def test_there_is_a_most(alice, valley):
    same = {"user": alice, "path": "/initiatives/", "sharing": "mine"}
    SavedQuestion.objects.bulk_create(
        SavedQuestion(name=f"n{number}", on_home=number < MOST_ON_HOME, **same) for number in range(MOST - 1)
    )
    with pytest.raises(ValidationError) as refusal:
        kept(alice, on_home=True)
    assert refusal.value.message_dict.keys() == {"on_home"}
    kept(alice)
    with pytest.raises(ValidationError, match="which is the most"):
        kept(alice, name="One more")


def test_queries_of_the_page_do_not_grow(client, alice, colin, bridge, valley):
    client.force_login(alice)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("initiatives:questions"))
        return len(queries)

    kept(alice, sharing="organisation", organisation=bridge)
    kept(colin, sharing="organisation", organisation=bridge)
    few = asked()
    for number in range(3):
        kept(alice, name=str(number))
        kept(colin, name=str(number), sharing="organisation", organisation=bridge)
    assert asked() == few


def test_a_count_is_of_the_systems_asked_for_as_far_as_one_may_see(alice, olga, valley, hills, tracks):
    for system in (valley, valley, hills):
        make_initiative(by=alice, sharing="public", conflicts=[system], tracks=[tracks["media"]])
    make_initiative(by=alice, conflicts=[valley], tracks=[tracks["media"]])
    addresses = ("/conflicts/valley/?track=media", "/conflicts/compare/?system=hills&system=valley")
    assert [counts_for(alice, kept(alice, address=one)) for one in addresses] == [(3,), (1, 3)]
    assert [counts_for(olga, one) for one in SavedQuestion.objects.of(alice)] == [(2,), (1, 2)]
    assert counts_for(alice, kept(alice, address="/conflicts/valley/report/?as=network")) == (2,)
