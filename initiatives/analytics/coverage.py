"""Which tracks a conflict system is engaging: the figures of one system, or of several, put together."""

from initiatives.alphabet import by_name
from initiatives.analytics.balance import balance
from initiatives.analytics.figures import Coverage, Outline, Stated
from initiatives.analytics.linkage import co_taggings, flows, isolated, linked_pairs, pair_coverage
from initiatives.analytics.organisations import concentration, localness
from initiatives.analytics.population import population_of
from initiatives.analytics.principles import principles_on_tracks
from initiatives.analytics.statement import ask
from initiatives.analytics.tracks import track_coverages, track_outlines
from initiatives.analytics.trend import trend
from initiatives.models import Organisation
from taxonomy.models import Principle, Track


def coverage(initiatives, *, system, **asked):
    """Coverage of one system; see `coverages`."""
    return coverages(initiatives, systems=[system], **asked)[system.pk]


def coverages(initiatives, *, systems, period, statements=None, counted_as=None, narrowed=False):
    """Which tracks the given initiatives engage in each of the systems.

    initiatives: a queryset of what the reader may open (`visible_to`); the published ones are counted, by dates as
    precise as the reader may see them. Where no reader was asked about, as precise as everyone may.
    statements: the coverage statements that the reader may see, as a queryset; None for none.
    narrowed: whether records were left out by their content. A statement, which speaks of all of them, then gives no
    state.
    counted_as: what each of the "tracks" and "principles" counts as, by primary key, where that is read already.
    Shape: {system's primary key: Coverage}. Units: initiatives.
    Queries: at most five, however many systems and initiatives there are; two fewer with counted_as.
    Source: docs/definitions.md.
    """
    systems = list(systems)
    terms = counted_as or {
        "tracks": Track.objects.counted_under(),
        "principles": Principle.objects.counted_under(),
    }
    answers = ask(initiatives, systems=systems, period=period, **terms, in_detail=True)
    stated = _stated(statements, systems, period.as_of, terms["tracks"])
    organisations = _critical_organisations(answers)
    return {
        system.pk: _coverage(
            answers[system.pk],
            organisations=organisations,
            statements=stated.get(system.pk, {}),
            narrowed=narrowed,
            **terms,
            system=system,
            period=period,
        )
        for system in systems
    }


def outlines(initiatives, *, systems, period, statements=None, tracks=None, narrowed=False):
    """The same without what no small circle says. tracks: as in `counted_as`.

    Shape: {system's primary key: Outline}. Queries: at most three; one fewer with tracks.
    """
    systems = list(systems)
    tracks = Track.objects.counted_under() if tracks is None else tracks
    answers = ask(initiatives, systems=systems, period=period, tracks=tracks, principles={}, in_detail=False)
    stated = _stated(statements, systems, period.as_of, tracks)
    outlined = {}
    for system in systems:
        population = population_of(answers[system.pk], tracks=tracks)
        rows = track_outlines(population, statements=stated.get(system.pk, {}), narrowed=narrowed)
        outlined[system.pk] = Outline(system=system, period=period, **_counts(population, rows))
    return outlined


def _counts(population, tracks):
    return {
        "initiatives": population.counted,
        "planned": population.planned,
        "untagged": population.untagged,
        "undated": population.undated,
        "tracks": tracks,
        "breadth": sum(track.active > 0 for track in tracks),
        "bridges": population.mixed,
        "named": population.named,
        "complete": population.complete,
        "completeness": population.completeness,
        "open_ended": population.open_ended,
        "confirmed": population.confirmed,
    }


def _coverage(answer, *, tracks, principles, organisations, statements, narrowed, system, period):
    population = population_of(answer, tracks=tracks)
    taking_part = {track: (working, funding) for _, track, working, funding, *_ in answer["organisations"]}
    rows = track_coverages(population, statements=statements, organisations=taking_part, narrowed=narrowed)
    even = balance([track.share for track in rows])
    co_tagging, flow = co_taggings(population, answer["pair"]), flows(population, answer["flow"])
    pairs = linked_pairs(co_tagging, flow)
    return Coverage(
        system=system,
        period=period,
        **_counts(population, rows),
        effective_tracks=even.effective_tracks,
        evenness_nine=even.evenness_nine,
        evenness_present=even.evenness_present,
        co_tagging=co_tagging,
        flows=flow,
        pair_coverage=pair_coverage(pairs, population.tracks),
        isolated=isolated(pairs, population),
        principles=principles_on_tracks(population.tracks, principles, answer["rated"]),
        years=trend(population, period, answer),
        concentration=concentration(population, answer["carries"]),
        localness=localness(answer["local"]),
        critical=_critical(population, answer["critical"], organisations),
        contributors=sum(owners for _, owners, *_ in answer["owners"]),
    )


def _stated(statements, systems, day, tracks):
    """{system: {track: [Stated]}} of the statements valid on the day, the latest first. Queries: one, or none."""
    stated = {}
    if statements is not None:
        valid = statements.valid_on(day).filter(conflict_system__in=systems).select_related("organisation")
        for one in valid.order_by("-stated_on", "-pk"):
            on_tracks = stated.setdefault(one.conflict_system_id, {})
            on_tracks.setdefault(tracks[one.track_id].pk, []).append(_as_stated(one))
    return stated


def _as_stated(statement):
    signed_by = statement.organisation
    return Stated(
        ref=statement.ref,
        kind=statement.kind,
        words=statement.get_kind_display(),
        reason=statement.reason,
        signed_for=statement.signed_for,
        organisation=signed_by.code if signed_by.confirmed else None,
        stated_on=statement.stated_on,
        lapses_on=statement.lapses_on,
    )


def _critical_organisations(answers):
    """Those that a track hangs on in any system. Shape: {primary key: Organisation}. Queries: one, or none."""
    return Organisation.objects.in_bulk({key for answer in answers.values() for _, _, key, *_ in answer["critical"]})


def _critical(population, rows, organisations):
    """Shape: ((track, Organisation), …), in circle order, then by name."""
    by_track = {track.pk: [] for track in population.tracks}
    for _, track, key, *_ in rows:
        by_track[track].append(organisations[key])
    return tuple((track, organisation) for track in population.tracks for organisation in by_name(by_track[track.pk]))
