"""A question asked anew on its page is answered in a sentence that is read out."""

import re

import pytest
import time_machine

from tests.factories import ConflictSystemFactory, make_initiative

pytestmark = pytest.mark.django_db
REGION = re.compile(r'<p class="visually-hidden" role="status" id="answer-said"([^>]*)>(.*?)</p>')
SAID = {  # by address: (id of what is replaced, sentence)
    "/conflicts/valley/": ("coverage", "2 initiatives, 2 of 9 tracks active as of 30 June 2026."),
    "/conflicts/valley/trend/": ("trend", "2 initiatives on some track, July 2021 to June 2026."),
    "/conflicts/valley/trend/?from=2027": ("trend", "2 initiatives on some track."),
    "/conflicts/valley/known/?on=2026-05": (
        "known", "0 initiatives known on 31 May 2026, 2 known now."
    ),
    "/conflicts/valley/sequence/?lead_only=on": ("sequence", "2 initiatives with a lead track as of 30 June 2026."),
    "/conflicts/valley/linkage/": ("linkage", "2 initiatives, 2 of 9 tracks active as of 30 June 2026."),
    "/conflicts/valley/linkage/?source=media&target=business": (
        "linkage", "1 initiative on both tracks, 0 links between them."
    ),
    "/conflicts/compare/?system=valley&system=delta": (
        "compare",
        "Delta: 0 initiatives, 0 of 9 tracks active as of 30 June 2026. "
        "Valley: 2 initiatives, 2 of 9 tracks active as of 30 June 2026.",
    ),
    "/conflicts/valley/tracks/media/": ("on-track", "2 active as of 30 June 2026; 1 organisation."),
    "/conflicts/valley/tracks/funding/": ("on-track", "None recorded as of 30 June 2026; 0 organisations."),
    "/conflicts/valley/open-points/?point=no-start": ("open-points", "Since when? 0. As of 30 June 2026."),
    "/organisations/bridge/portfolio/": ("portfolio", "1 initiative on at least one track as of 30 June 2026."),
    "/organisations/bridge/principles/": (
        "organisation-principles", "1 initiative on at least one track as of 30 June 2026."
    ),
}  # fmt: skip


@pytest.fixture
def reader(client, alice, bridge, valley, tracks):
    with time_machine.travel("2026-06-30 12:00", tick=False):
        ConflictSystemFactory(code="delta", name="Delta")
        media, business = tracks["media"], tracks["business"]
        make_initiative(
            by=alice, conflicts=[valley], tracks=[media, business], start="2019", organisations=[("lead", bridge)]
        )
        make_initiative(by=alice, conflicts=[valley], tracks=[media], start="2020")
        client.force_login(alice)
        yield client


@pytest.mark.parametrize("address", SAID)
def test_it_is_told_with_the_answer_and_its_place_is_there_before(reader, address):
    root, sentence = SAID[address]
    assert REGION.findall(reader.get(address).content.decode()) == [("", "")]
    headers = {"HX-Request": "true", "HX-Target": root}
    answer = reader.get(address, headers=headers).content.decode()
    assert REGION.findall(answer) == [(' hx-swap-oob="innerHTML"', sentence)]
    assert f'id="{root}"' in answer


@pytest.mark.parametrize("address", [one for one in SAID if "?" not in one or "compare" in one])
def test_of_a_question_that_cannot_be_read_that_is_said(reader, address):
    headers = {"HX-Request": "true", "HX-Target": SAID[address][0]}
    answer = reader.get(
        f"{address}{'&' if '?' in address else '?'}from=2020&to=2010", headers=headers
    ).content.decode()
    assert REGION.findall(answer) == [(' hx-swap-oob="innerHTML"', "The question can’t be read.")]
