"""A retired track that is still listed is marked as such, in the same words on every page of figures."""

import pytest

from initiatives.models import InitiativeLink
from tests.factories import make_initiative

pytestmark = pytest.mark.django_db
MARK = ' <span class="badge-plain">retired</span>'
VALLEY = "/conflicts/valley/"


@pytest.fixture
def work(tracks, valley, bridge, principles):
    """Two linked public records of Bridge, on media, which was retired, and on business."""
    tracks["media"].status = "retired"
    tracks["media"].save()
    told = {"conflicts": [valley], "organisations": [("lead", bridge)], "sharing": "public"}
    on = {"tracks": [tracks["media"], tracks["business"]], "ratings": [(principles["trust"], 2, "")]}
    source, target = make_initiative("Camp", **on, **told), make_initiative("Radio", **on, **told)
    InitiativeLink.objects.create(source=source, target=target, kind="feeds_into")


@pytest.mark.parametrize(
    ("address", "times"),
    [
        (f"{VALLEY}trend/", 1),
        (f"{VALLEY}sequence/", 2),  # in the row of either record
        (f"{VALLEY}linkage/", 3),  # of a pair, and of a link each way
        (f"{VALLEY}linkage/?source=media&target=business", 3),
        (f"{VALLEY}linkage/?source=media&target=religion", 2),
        ("/organisations/bridge/principles/", 1),
        ("/organisations/bridge/portfolio/", 1),
        (f"{VALLEY}tracks/media/", 1),
        (
            VALLEY,
            7,
        ),  # as on the page of links; its row, a column of principles and one of years, the ways on
    ],
)
def test_it_is_marked_wherever_figures_name_it(client, work, address, times):
    html = client.get(address).content.decode()
    assert html.count(f"Media</span>{MARK}") + html.count(f"Media</span></a>{MARK}") == html.count(MARK) == times


@pytest.mark.parametrize("address", [f"{VALLEY}trend/", f"{VALLEY}sequence/", f"{VALLEY}sequence.svg"])
def test_a_drawing_says_it_in_text(client, work, address):
    html = client.get(address).content.decode()
    assert "Media (retired)" in html
    assert html.count("(retired)") == 1


def test_what_is_absent_from_a_chart_says_it_too(client, work, valley, tracks):
    tracks["religion"].status = "retired"
    tracks["religion"].save()
    make_initiative(conflicts=[valley], tracks=[tracks["religion"]], start="1990", end="1991", sharing="public")
    assert "; 7 Religion (retired)." in client.get(f"{VALLEY}trend/").content.decode()


def test_the_choice_of_a_track_says_it_too(client, work):
    assert client.get(f"{VALLEY}linkage/").content.decode().count("9 Media (retired)</option>") == 2


def test_a_report_says_it_in_each_of_its_tables(client, work, maria):
    client.force_login(maria)
    html = client.get(f"{VALLEY}report/?as=public").content.decode()
    assert html.count("Media</span> (retired)") == 6
