"""The list as CSV and JSON: the same records in the same order, and nothing that the reader may not read."""

import csv
import io
import json
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse

from initiatives.dates import PartialDate, today
from initiatives.filters import InitiativeFilter
from initiatives.models import Engagement, Initiative, Location, LogEntry, Reading
from initiatives.views import exports
from tests.answers import json_of
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

pytestmark = pytest.mark.django_db
CSV, JSON = reverse("initiatives:export-csv"), reverse("initiatives:export-json")


def rows_of_csv(response):
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline="")))


@pytest.fixture
def camp(alice, harbour, tracks, principles, activities, valley):
    inn = OrganisationFactory(code="inn", name="Inn; and stable")
    camp = make_initiative(
        "River camp",
        by=alice,
        sharing="public",
        start="1993-07",
        end="2003",
        last_confirmed="2003-01-02",
        tracks=[tracks["media"], tracks["business"]],
        conflicts=[valley],
        organisations=[("lead", harbour), ("host", inn)],
        ratings=[(principles["trust"], 3, "Never to be exported")],
        summary="Two banks, one fire",
        officiality="mixed",
        level="grassroots",
        sources="First source\n\nSecond source",
    )
    camp.principle_ratings.create(principle=principles["trust"], rating=1, rated_on=date(2001, 1, 1))
    camp.activities.set(activities.values())
    for country, place in (("CY", "Larnaca"), ("CY", ""), ("TR", "")):
        Location.objects.create(initiative=camp, country=country, place=place)
    delta = Engagement(initiative=camp, conflict_system=ConflictSystemFactory(code="delta", name="Delta"))
    delta.start = PartialDate.parse("2001")
    delta.save()
    camp.suspensions.create(from_on=date(2002, 5, 1))
    camp.suspensions.create(from_on=date(1999, 2, 1), until_on=date(1999, 3, 31))
    harbour.localness.create(conflict_system=valley, is_local=True)
    harbour.localness.create(conflict_system=ConflictSystemFactory(), is_local=True)
    inn.localness.create(conflict_system=delta.conflict_system, is_local=False)
    LogEntry.objects.create(
        initiative=camp, author=alice, happened_on=today(), kind="meeting", text="Diary", sharing="network"
    )
    return camp


def test_json_holds_codes_beside_labels_and_lists(client, alice, camp):
    client.force_login(alice)
    response = client.get(JSON)
    assert response["Content-Type"] == "application/json"
    (row,) = json_of(response)
    assert row.pop("updated_at").startswith(f"{camp.updated_at:%Y-%m-%dT%H:%M}")
    assert row == {
        "ref": str(camp.ref),
        "url": f"http://testserver/initiatives/{camp.ref}/",
        "title": "River camp",
        "summary": "Two banks, one fire",
        "status": "ended",
        "as_of": today().isoformat(),
        "publication": "published",
        "sharing": "public",
        "shown_dates": "",
        "shown_places": "",
        "start": "1993-07",
        "start_precision": "month",
        "end": "2003",
        "end_precision": "year",
        "suspensions": ["1999-02-01/1999-03-31", "2002-05-01/"],
        "cancelled": "",
        "conflicts": ["valley", "delta"],
        "conflict_names": ["Valley", "Delta"],
        "conflict_dates": ["delta:2001/"],
        "lead_track": "media",
        "tracks": ["media", "business"],
        "track_names": ["Media", "Business"],
        "counted_tracks": ["media", "business"],
        "principles": ["trust:1"],
        "evidenced": [],
        "counted_principles": ["trust:1"],
        "counted_evidenced": [],
        "links": [],
        "activities": ["training", "mediation"],
        "activity_names": ["Training", "Mediation"],
        "organisations": ["lead:harbour", "host:inn"],
        "organisation_names": ["lead:Harbour", "host:Inn; and stable"],
        "local": ["valley:harbour:yes", "delta:inn:no"],
        "countries": ["CY", "TR"],
        "places": ["Larnaca, Cyprus"],
        "regions": ["Western Asia"],
        "officiality": "mixed",
        "level": "grassroots",
        "dimension": "",
        "language": "en",
        "owner": "bridge",
        "owner_name": "Bridge",
        "last_confirmed": "2003-01-02",
        "sources": ["First source", "Second source"],
    }


def test_csv_joins_several_values_by_semicolons(client, alice, camp):
    client.force_login(alice)
    response = client.get(CSV)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="initiatives-{today()}.csv"'
    assert client.get(CSV).getvalue().startswith(b"\xef\xbb\xbfref,url,title,")
    (row,) = rows_of_csv(response)
    assert row["tracks"] == "media;business"
    assert row["conflicts"] == "valley;delta"
    assert row["organisation_names"] == "lead:Harbour;host:Inn, and stable"
    assert row["countries"] == "CY;TR"
    assert row["sources"] == "First source;Second source"


def test_the_rating_exported_is_the_one_that_counts_on_the_as_of_day(client, camp):
    row = json_of(client.get(f"{JSON}?as_of=2000-12-31"))[0]
    assert (row["principles"], row["evidenced"]) == (["trust:3"], ["trust"])
    assert json_of(client.get(f"{JSON}?as_of=2001-01-01"))[0]["principles"] == ["trust:1"]


def test_status_is_that_of_the_as_of_day_and_of_the_chosen_system(client, camp):
    assert json_of(client.get(f"{JSON}?as_of=1995"))[0]["status"] == "active"
    assert json_of(client.get(f"{JSON}?as_of=1995&conflict=delta&status=planned"))[0]["status"] == "planned"


@pytest.mark.parametrize("address", [CSV, JSON])
def test_who_reads_as_the_public_gets_a_reduced_set(client, alice, camp, address):
    def columns():
        response = client.get(address)
        return set(json_of(response)[0] if address == JSON else rows_of_csv(response)[0])

    public = columns()
    client.force_login(alice)
    assert columns() - public == {"publication", "sharing", "shown_dates", "shown_places", "updated_at"}


@pytest.mark.parametrize("address", [CSV, JSON])
def test_evidence_diary_and_author_are_never_exported(client, alice, camp, address):
    client.force_login(alice)
    text = client.get(address).getvalue().decode()
    for secret in ("Never to be exported", "Diary", "Alice", "alice@"):
        assert secret not in text


@pytest.mark.parametrize("address", [CSV, JSON])
def test_an_export_is_kept_by_nobody_on_the_way(client, address):
    assert set(client.get(address)["Cache-Control"].split(", ")) == {"private", "no-store"}


@pytest.mark.parametrize("query", ["", "sort=title", "track=media", "status=ended&sort=-title", "from=2000&q=record"])
def test_rows_are_those_of_the_list_on_all_its_pages_in_its_order(client, alice, tracks, query):
    for number in range(30):
        make_initiative(
            f"Record {number * 7 % 30}",
            by=alice,
            sharing="public" if number % 3 else "network",
            tracks=[tracks["media"]] if number % 2 else [],
            start="2001",
            end="2010" if number % 5 else None,
        )
    visible = Initiative.objects.visible_to(AnonymousUser())
    expected = list(
        InitiativeFilter(QueryDict(query), visible, user=AnonymousUser()).qs.values_list("title", flat=True)
    )
    assert expected
    assert [row["title"] for row in json_of(client.get(f"{JSON}?{query}"))] == expected
    assert [row["title"] for row in rows_of_csv(client.get(f"{CSV}?{query}"))] == expected
    listed = []
    for page in (1, 2):
        listed += [
            row.title for row in client.get(f"{reverse('initiatives:list')}?{query}&page={page}").context["page"]
        ]
    assert list(dict.fromkeys(listed)) == expected


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 2)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 5])
def test_a_long_list_is_sent_in_parts_that_are_one_whole(client, alice, few_at_once, number):
    for place in range(number):
        make_initiative(f"Record {place}", by=alice, sharing="public")
    titles = [f"Record {place}" for place in range(number)]
    assert [row["title"] for row in json_of(client.get(f"{JSON}?sort=title"))] == titles
    assert [row["title"] for row in rows_of_csv(client.get(f"{CSV}?sort=title"))] == titles


@pytest.mark.parametrize("address", [CSV, JSON])
def test_access_that_ends_while_a_list_is_sent_ends_it_with_the_next_part(client, alice, colin, few_at_once, address):
    for place in range(6):
        make_initiative(f"Record {place}", by=alice)
    client.force_login(colin)
    parts = iter(client.get(f"{address}?sort=title").streaming_content)
    begun = next(parts) + next(parts)
    colin.memberships.update(active=False)
    text = (begun + b"".join(parts)).decode("utf-8-sig")
    assert "Record 0" in text
    assert "Record 2" not in text
    assert address == CSV or len(json.loads(text)) == 2


@pytest.mark.parametrize("ended", ["membership", "account"])
def test_what_is_sent_after_that_is_as_coarse_as_for_everybody(client, alice, colin, few_at_once, ended):
    for place in range(6):
        record = make_initiative(f"Record {place}", by=alice, sharing="public", start="2008-12-19")
        Location.objects.create(initiative=record, country="KE", place="Wajir")
        Initiative.objects.filter(pk=record.pk).update(shown_dates="year", shown_places="region")
    everybodys = json_of(client.get(f"{JSON}?sort=title"))
    client.force_login(colin)
    parts = iter(client.get(f"{JSON}?sort=title").streaming_content)
    begun = next(parts) + next(parts)
    if ended == "membership":
        colin.memberships.update(active=False)
    else:
        type(colin).objects.filter(pk=colin.pk).update(is_active=False)
    rows = json.loads(begun + b"".join(parts))
    assert [row["start"] for row in rows] == ["2008-12-19"] * 2 + ["2008"] * 4
    for row, told in zip(rows[2:], everybodys[2:], strict=True):
        assert {name: value for name, value in row.items() if value} == {n: v for n, v in told.items() if v}


def test_what_is_sent_was_written_down_before(client, alice, colin, few_at_once):
    for place in range(3):
        make_initiative(f"Record {place}", by=alice)
    client.force_login(colin)
    exported = Reading.objects.filter(reader=colin, kind=Reading.Kind.EXPORTED)
    assert client.head(JSON).headers == client.get(JSON).headers  # and nobody takes a part of it
    assert exported.count() == 3


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\u200b=", "\ufeff\u200e@"])
def test_no_cell_is_taken_for_a_formula(client, start):
    make_initiative(f"{start}HYPERLINK(1)", sharing="public", summary=f"{start}1+1", sources=f"{start}2\nx")
    (row,) = rows_of_csv(client.get(CSV))
    assert row["title"] == f"'{start}HYPERLINK(1)"
    assert row["summary"] == f"'{start}1+1"
    assert not row["sources"].startswith(start)
    assert json_of(client.get(JSON))[0]["title"] == f"{start}HYPERLINK(1)"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\u2060="])
def test_no_formula_begins_where_a_semicolon_parts_cells(client, start):
    text = f"a;{start}1\n{start}2\n\t{start}3"
    make_initiative("Talks", sharing="public", summary=text, sources=f"x\n{start}4")
    (row,) = rows_of_csv(client.get(CSV))
    assert row["summary"] == f"a;'{start}1\n'{start}2\n\t'{start}3"
    assert row["sources"] == f"x;'{start}4"
    assert json_of(client.get(JSON))[0]["summary"] == text


def test_an_address_with_a_semicolon_leads_to_the_same_place(client):
    make_initiative("Talks", sharing="public", sources="https://example.org/a;b?c=1;d\nA letter; kept")
    (row,) = rows_of_csv(client.get(CSV))
    assert row["sources"] == "https://example.org/a%3Bb?c=1%3Bd;A letter, kept"


def test_quotes_commas_and_line_breaks_survive_in_csv(client):
    make_initiative('A "quoted", title', sharing="public", summary="Two\nlines; really")
    (row,) = rows_of_csv(client.get(CSV))
    assert row["title"] == 'A "quoted", title'
    assert row["summary"] == "Two\nlines; really"


@pytest.mark.parametrize("query", ["track=tenth", "from=soon", "from=2020&to=2019", "q=a%00b", "sort=money"])
def test_an_invalid_filter_gets_errors_and_no_rows(client, camp, query):
    response = client.get(f"{JSON}?{query}")
    assert response.status_code == 400
    assert list(json_of(response)) == ["errors"]
    (messages,) = json_of(response)["errors"].values()
    assert messages
    response = client.get(f"{CSV}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "River" not in response.getvalue().decode()
    assert messages[0] in response.getvalue().decode()


def test_nothing_found_is_an_empty_list_and_a_row_of_headings(client):
    assert json_of(client.get(JSON)) == []
    assert rows_of_csv(client.get(CSV)) == []
    assert client.get(CSV).getvalue().decode("utf-8-sig").startswith("ref,url,title")


@pytest.mark.parametrize("address", [CSV, JSON])
def test_a_hidden_record_changes_no_byte(client, alice, olga, camp, tracks, address):
    client.force_login(olga)
    before = client.get(address).getvalue()
    make_initiative("A secret talk", by=alice, sharing="restricted", tracks=[tracks["religion"]])
    assert client.get(address).getvalue() == before


def test_a_link_is_told_where_both_of_its_ends_may_be_opened(client, alice, camp):
    secret = make_initiative("A secret talk", by=alice, sharing="restricted")
    for kind, target in (("funds", secret), ("feeds_into", make_initiative("Market", by=alice, sharing="public"))):
        camp.links_out.create(target=target, kind=kind, evidence="confirmed")
    rows = {row["title"]: row for row in json_of(client.get(JSON))}
    assert rows["River camp"]["links"] == [f"feeds_into:confirmed:{rows['Market']['ref']}"]
    assert rows["Market"]["links"] == []


@pytest.mark.parametrize("address", [CSV, JSON])
def test_queries_do_not_grow_with_rows(client, alice, camp, tracks, harbour, address, django_assert_max_num_queries):
    client.force_login(alice)
    make_initiative(by=alice)  # one of which readings are kept
    with django_assert_max_num_queries(40) as few:
        client.get(address)
    for _ in range(15):
        make_initiative(
            by=alice,
            tracks=list(tracks.values())[:3],
            conflicts=[ConflictSystemFactory()],
            organisations=[("lead", OrganisationFactory()), ("funder", harbour)],
        )
    with django_assert_max_num_queries(40) as many:
        client.get(address)
    assert len(many) == len(few)
