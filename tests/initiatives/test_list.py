"""The page that finds: rows, filter, pages, and what it must not tell."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from initiatives.models import Engagement, Initiative, Location
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

pytestmark = pytest.mark.django_db
LIST = reverse("initiatives:list")
LIVE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "initiative-rows"}


def page_of(client, query="", **headers):
    response = client.get(f"{LIST}?{query}" if query else LIST, **headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def many(alice, tracks, valley):
    """60 public records, number 59 changed last."""
    for number in range(60):
        record = make_initiative(
            f"Record {number:02}", by=alice, sharing="public", tracks=[tracks["media"]], conflicts=[valley]
        )
        moment = datetime(2024, 1, 1, hour=number // 60, minute=number % 60, tzinfo=UTC)
        Initiative.objects.filter(pk=record.pk).update(updated_at=moment)


# ---------------------------------------------------------------- rows


def test_a_row_says_what_where_when_and_on_which_tracks(client, alice, tracks, valley):
    record = make_initiative(
        "River <b>camp</b>",
        by=alice,
        sharing="public",
        start="1993",
        end="2003-07",
        tracks=[tracks["media"], tracks["business"]],
        conflicts=[valley],
    )
    page = page_of(client)
    assert "River &lt;b&gt;camp&lt;/b&gt;" in page
    assert f'href="{record.get_absolute_url()}"' in page
    assert "1993 – July 2003" in page
    assert "Ended" in page
    lead, contributing = page.index('<span class="track-number">9</span> Media'), page.index("3</span> Business")
    assert lead < contributing
    assert 'href="/conflicts/valley/"' in page
    assert "recorded by Bridge" in page
    assert "1 initiative\n" in page


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("1992", None, "since 1992"),
        ("1992", "1992", ">1992<"),
        ("2093-01", None, "from January 2093"),
        (None, None, "no start recorded"),
    ],
)
def test_dates_are_told_as_far_as_they_are_known(client, start, end, said):
    make_initiative(sharing="public", start=start, end=end)
    assert said in page_of(client)


def test_an_engagements_own_dates_stand_beside_its_system(client, valley):
    record = make_initiative(sharing="public", start="1990")
    Engagement.objects.create(
        initiative=record, conflict_system=valley, start_on=datetime(2001, 1, 1).date(), start_precision="year"
    )
    assert ">Valley</a>, since 2001" in " ".join(page_of(client).split())


def test_sharing_is_shown_to_those_signed_in_only(client, alice):
    make_initiative(sharing="network", by=alice)
    make_initiative(sharing="public", by=alice)
    assert "Sharing: " not in page_of(client)
    client.force_login(alice)
    page = page_of(client)
    assert page.count("Sharing: ") == 2
    assert "</span>Network</span>" in page


def test_drafts_are_listed_for_their_author(client, alice, colin):
    make_initiative("My draft", by=alice, publication="draft")
    client.force_login(alice)
    assert "My draft" in page_of(client)
    client.force_login(colin)
    assert "My draft" not in page_of(client)


def test_nothing_recorded_and_nothing_matching_are_told_apart(client, valley):
    assert "None recorded yet" in page_of(client)
    page = page_of(client, "conflict=valley")
    assert "No record that you may open matches" in page
    assert f'<a href="{LIST}">Clear the filters</a>' in page


# ---------------------------------------------------------------- pages and order


def test_25_a_page_and_the_links_keep_the_question(client, many):
    page = page_of(client, "track=media&sort=title&page=2")
    assert "60 initiatives" in page
    assert "26–50 shown" in page
    assert "Record 25" in page
    assert "Record 24" not in page
    assert "Record 50" not in page
    assert 'href="?track=media&amp;sort=title&amp;page=3"' in page
    assert "export.csv?track=media&amp;sort=title" in page


@pytest.mark.parametrize("number", ["99", "0"])
def test_a_page_out_of_range_shows_the_last_one(client, many, number):
    page = page_of(client, f"sort=title&page={number}")
    assert "51–60 shown" in page


@pytest.mark.parametrize("number", ["x", "-1", "1e9", "%00", ""])
def test_a_page_that_is_no_number_shows_the_first_one(client, many, number):
    assert "1–25 shown" in page_of(client, f"page={number}")


def test_the_chosen_order_can_be_turned_round(client, many):
    page = page_of(client, "sort=title&track=media")
    assert 'href="?track=media&amp;sort=-title#initiative-rows" aria-current="true"' in page
    assert 'href="?track=media&amp;sort=start#initiative-rows"' in page


# ---------------------------------------------------------------- filter, plain and live


def test_plain_page_and_live_fragment_hold_the_same_rows(client, many):
    whole, live = page_of(client, "q=record+1"), page_of(client, "q=record+1", **LIVE)
    rows = whole[whole.index('<section id="initiative-rows"') : whole.index("</section>")]
    assert rows in live
    assert "<html" not in live
    assert "15 initiatives" in rows  # 01, 21, 31, 41, 51 and 10 to 19


def test_a_boosted_or_restored_page_is_whole(client):
    assert "<html" in page_of(client, HTTP_HX_REQUEST="true")
    assert "<html" in page_of(client, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="main")
    response = client.get(LIST, **LIVE)
    assert {"HX-Request", "HX-Target"} <= set(response["Vary"].replace(",", "").split())


def test_a_live_answer_names_its_address_without_blank_fields(client, many):
    response = client.get(LIST + "?q=record&conflict=&from=&track=media&page=2", **LIVE)
    assert response["HX-Push-Url"] == "/initiatives/?q=record&track=media&page=2"
    response = client.get(LIST + "?q=&conflict=", **LIVE)
    assert response["HX-Push-Url"] == "/initiatives/"


def test_chips_take_one_filter_out(client, many):
    page = page_of(client, "track=media&conflict=valley&page=2")
    assert '<a class="chip" href="/initiatives/?conflict=valley#initiative-rows">' in page
    assert '<a class="chip" href="/initiatives/?track=media#initiative-rows">' in page


def test_what_is_chosen_is_ticked_and_stays_chosen(client, many, tracks):
    page = page_of(client, "track=media&conflict=valley&q=rec&sort=title")
    assert 'name="track" value="media" class="form-check-input" id="id_track_8" checked' in page
    assert 'type="checkbox" name="conflict" value="valley"' in page
    assert 'value="rec"' in page
    assert '<input type="hidden" name="sort" value="title">' in page


@pytest.mark.parametrize("headers", [{}, LIVE])
def test_an_invalid_filter_shows_its_error_beside_the_field_and_no_rows(client, many, headers):
    page = page_of(client, "from=2020&to=2019&track=tenth", **headers)
    assert "Record" not in page
    assert "initiatives\n" not in page
    assert "export.csv" not in page
    slots = {name: page.split(f'id="id_{name}_error"')[1].split("</ul>")[0] for name in ("to", "track", "from")}
    assert "The window ends before it begins" in slots["to"]
    assert "“tenth” is not one of the choices" in slots["track"]
    assert "<li>" not in slots["from"]
    assert '<a href="#field-to">' in page
    assert 'id="field-to"' in page or headers


def test_a_corrected_field_loses_its_error_live(client, many):
    live = page_of(client, "from=2020", **LIVE)
    assert '<ul class="field-errors" id="id_from_error" hx-swap-oob="true"></ul>' in live


@pytest.mark.parametrize("name", ["q", "conflict", "track", "organisation", "country", "from", "sort", "page", "x"])
def test_a_null_byte_never_breaks_the_page(client, name):
    page_of(client, f"{name}=a%00b")


def test_only_reading_is_possible(client):
    assert client.post(LIST).status_code == 405


# ---------------------------------------------------------------- what it must not tell


def test_a_hidden_record_changes_no_byte_of_the_page(client, alice, olga, tracks, principles, valley):
    make_initiative("Open", by=alice, sharing="network", tracks=[tracks["media"]], conflicts=[valley])
    queries = ("", "q=secret", "track=religion", "country=CY", "status=active", "organisation=hidden", "from=1990")
    client.force_login(olga)
    before = {(query, live): body_of(client, query, live) for query in queries for live in (False, True)}
    hidden = OrganisationFactory(code="hidden", name="Hidden", confirmed=False, made_by=alice)
    secret = make_initiative(
        "A secret talk",
        by=alice,
        sharing="restricted",
        tracks=[tracks["religion"]],
        conflicts=[valley],
        organisations=[("lead", hidden)],
        ratings=[(principles["trust"], 3, "Secret evidence")],
    )
    Location.objects.create(initiative=secret, country="CY", place="Secret place")
    after = {(query, live): body_of(client, query, live) for query in queries for live in (False, True)}
    assert before == after


def body_of(client, query, live):
    """The page but for what differs in every answer: the token against forgery."""
    page = page_of(client, query, **(LIVE if live else {}))
    for token in [part.split('"')[0] for part in page.split('csrfmiddlewaretoken" value="')[1:]]:
        page = page.replace(token, "")
    return page.split("X-CSRFToken")[0] + page.split("X-CSRFToken")[-1].split("}", 1)[-1]


# ---------------------------------------------------------------- queries


def test_queries_do_not_grow_with_rows(client, alice, tracks, principles, django_assert_max_num_queries):
    host = OrganisationFactory(code="host")

    def add(number):
        for place in range(number):
            system, organisation = ConflictSystemFactory(), OrganisationFactory()
            record = make_initiative(
                by=alice,
                sharing="public",
                tracks=[tracks["media"], tracks["religion"]],
                conflicts=[system],
                organisations=[("lead", organisation), ("host", host)],
                ratings=[(principles["trust"], 2, "")],
            )
            Location.objects.create(initiative=record, country="CY", place=str(place))

    query = "q=a&track=media&principle=trust&organisation=host&from=1990&status=active&country=CY"
    client.force_login(alice)
    add(2)
    page_of(client, query)
    with django_assert_max_num_queries(60) as few:
        page_of(client, query)
    add(20)
    with django_assert_max_num_queries(60) as many:
        page_of(client, query)
    assert len(asked_besides(many)) == len(asked_besides(few)) <= 5


def asked_besides(captured):
    """What a page asks besides session, user and whose sight it is."""
    apart = ("accounts_session", "set_config", "current_setting", 'FROM "accounts_user" WHERE "accounts_user"."id"')
    reading = [one["sql"] for one in captured if one["sql"].lstrip("(").startswith(("SELECT", "WITH"))]
    return [sql for sql in reading if not any(word in sql for word in apart)]
