"""Lists that are longer than anybody counts: turned over by their rows, whatever they are sorted by."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from django.urls import reverse

from initiatives import paging
from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative
from initiatives.ordering import SORTS
from initiatives.paging import Pages
from tests.factories import make_initiative

pytestmark = pytest.mark.django_db


@pytest.fixture
def long(alice, monkeypatch):
    """Seven records, three a page, counted up to four. Two share each title, two each start; two have no start."""
    monkeypatch.setattr(paging, "PER_PAGE", 3)
    monkeypatch.setattr(paging, "COUNTED", 4)
    for number in range(7):
        start = None if number > 4 else f"{2000 + number // 2}"
        record = make_initiative(f"Title {number // 2}", by=alice, sharing="public", start=start, shown_dates="year")
        moment = datetime(2024, 1, 1, minute=number // 3, tzinfo=UTC)
        Initiative.objects.filter(pk=record.pk).update(updated_at=moment)


def asked(query, user):
    visible = Initiative.objects.visible_to(user)
    filterset = InitiativeFilter(QueryDict(query), visible, user=user)
    return Pages(filterset.qs, filterset.order, within=visible).asked(QueryDict(query))


@pytest.mark.parametrize("sort", SORTS)
def test_each_row_is_met_once_going_on_and_once_going_back(long, olga, sort):
    in_order = list(InitiativeFilter(QueryDict(f"sort={sort}"), Initiative.objects.visible_to(olga), user=olga).qs)
    pages = [asked(f"sort={sort}", olga)]
    while pages[-1].next:
        pages.append(asked(f"sort={sort}&{pages[-1].next}", olga))
    assert [list(page) for page in pages] == [in_order[:3], in_order[3:6], in_order[6:]]
    assert [(page.first, page.last) for page in pages] == [(1, 3), (4, 6), (7, 7)]
    middle = asked(f"sort={sort}&{pages[2].previous}", olga)
    assert (list(middle), middle.number) == (in_order[3:6], 2)
    assert (middle.previous, list(asked(f"sort={sort}&page=2", olga))) == ("page=1", in_order[3:6])


def test_a_long_list_is_told_as_over_the_limit_and_has_no_last_page(long, client):
    page = client.get(reverse("initiatives:list")).content.decode()
    assert "Over 4 initiatives" in page
    assert ">Next</a>" in page
    assert "Page </span>" not in page


def test_a_number_beyond_a_long_list_shows_its_last_rows(long, olga):
    page = asked("sort=title&page=99", olga)
    assert [row.title for row in page] == ["Title 2", "Title 2", "Title 3"]
    assert (page.number, page.next) == (None, None)
    assert [row.title for row in asked(f"sort=title&{page.previous}", olga)] == ["Title 0", "Title 1", "Title 1"]


@pytest.mark.parametrize("text", ["", "x", "%00", "5d4f4a52-6c1b-4f0e-9d6a-6f2f6f0a7c11"])
def test_a_place_that_names_no_row_is_the_page_of_its_number(long, olga, text):
    assert list(asked(f"page=2&after={text}", olga)) == list(asked("page=2", olga))


def test_a_place_tells_nothing_of_a_record_that_is_hidden(long, alice, olga):
    hidden = make_initiative("Title 1", by=alice, sharing="restricted")
    assert list(asked(f"sort=title&page=2&after={hidden.ref}", olga)) == list(asked("sort=title&page=2", olga))
