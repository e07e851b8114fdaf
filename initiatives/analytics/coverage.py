"""Which tracks a conflict system is engaging: the figures of one system, or of several, put together."""

from initiatives.analytics.balance import balance
from initiatives.analytics.figures import Coverage
from initiatives.analytics.linkage import co_taggings, flows, isolated, linked_pairs, pair_coverage
from initiatives.analytics.organisations import concentration, critical_organisations, localness
from initiatives.analytics.population import population_of
from initiatives.analytics.principles import principles_on_tracks
from initiatives.analytics.records import read
from initiatives.analytics.tracks import track_coverages
from initiatives.analytics.trend import trend
from initiatives.models import Organisation
from taxonomy.models import Principle, Track


def coverage(initiatives, *, system, period, statements=None):
    """Coverage of one system; see `coverages`."""
    return coverages(initiatives, systems=[system], period=period, statements=statements)[system.pk]


def coverages(initiatives, *, systems, period, statements=None):
    """Which tracks the given initiatives engage in each of the systems.

    initiatives: a queryset of what the reader may open (`visible_to`); the published ones are counted, by dates as
    precise as the reader may see them. Where no reader was asked about, as precise as everyone may.
    statements: the coverage statements that the reader may see, as a queryset; None for none.
    Shape: {system's primary key: Coverage}. Units: initiatives.
    Queries: at most twelve, however many systems and initiatives there are.
    Source: docs/definitions.md.
    """
    systems = list(systems)
    tracks, principles = Track.objects.counted_under(), Principle.objects.counted_under()
    reading = read(initiatives, systems=systems, period=period, tracks=tracks, principles=principles)
    stated = _stated(statements, systems, period.as_of, tracks)
    populations = {
        system.pk: population_of(reading.records.get(system.pk, []), period=period, tracks=tracks, links=reading.links)
        for system in systems
    }
    critical = _critical(populations)
    return {
        system.pk: _coverage(
            system,
            period,
            populations[system.pk],
            principles=principles,
            statements=stated.get(system.pk, {}),
            local=reading.localness.get(system.pk, {}),
            critical=critical[system.pk],
        )
        for system in systems
    }


def _coverage(system, period, population, *, principles, statements, local, critical):
    tracks = track_coverages(population, statements=statements)
    even = balance([track.share for track in tracks])
    co_tagging, flow = co_taggings(population), flows(population)
    pairs = linked_pairs(co_tagging, flow)
    open_ended = [record for record in population.counted if record.open_ended]
    return Coverage(
        system=system,
        period=period,
        initiatives=len(population.counted),
        planned=len(population.planned),
        untagged=population.untagged,
        undated=population.undated,
        tracks=tracks,
        breadth=sum(track.active > 0 for track in tracks),
        effective_tracks=even.effective_tracks,
        evenness_nine=even.evenness_nine,
        evenness_present=even.evenness_present,
        co_tagging=co_tagging,
        flows=flow,
        pair_coverage=pair_coverage(pairs, population.tracks),
        isolated=isolated(pairs, population),
        principles=principles_on_tracks(population, principles),
        years=trend(population, period),
        bridges=sum(record.mixed for record in population.counted),
        concentration=concentration(population),
        localness=localness(population, local),
        critical=critical,
        completeness=population.completeness,
        contributors=len({record.owner for record in population.counted}),
        open_ended=len(open_ended),
        confirmed=sum(record.confirmed for record in open_ended),
    )


def _stated(statements, systems, day, tracks):
    """{system: {track: kind}} of the statements valid on the day; of several on a track, the latest."""
    stated = {}
    if statements is not None:
        valid = statements.valid_on(day).filter(conflict_system__in=systems).order_by("stated_on", "pk")
        for system, track, kind in valid.values_list("conflict_system", "track", "kind"):
            stated.setdefault(system, {})[tracks[track].pk] = kind
    return stated


def _critical(populations):
    """{system: ((track, Organisation), ...)}, in circle order, then by name."""
    critical = {system: critical_organisations(population) for system, population in populations.items()}
    keys = {key for by_track in critical.values() for found in by_track.values() for key in found}
    organisations = Organisation.objects.in_bulk(keys)
    return {
        system: tuple(
            (track, organisation)
            for track, found in by_track.items()
            for organisation in sorted((organisations[key] for key in found), key=lambda one: (one.name, one.pk))
        )
        for system, by_track in critical.items()
    }
