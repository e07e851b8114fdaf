"""A page's answer in one sentence: read out to those who ask anew on the page, and don't see what changes below."""

from django.template.defaultfilters import pluralize

from initiatives.dates import day_words


def said_of_coverage(page):
    """page: a CoveragePage."""
    figures = page.coverage
    active = f"{figures.breadth} of {len(figures.tracks)} tracks active as of {day_words(figures.as_of)}"
    return f"{_initiatives(figures.initiatives)}, {active}."


def said_of_comparison(pages):
    """pages: [CoveragePage], each of another system."""
    return " ".join(f"{page.coverage.system}: {said_of_coverage(page)}" for page in pages)


def said_of_pair(page):
    """page: a LinkagePage."""
    links = page.between.there.number + page.between.back.number
    return f"{_initiatives(page.between.both)} on both tracks, {links:,} link{pluralize(links)} between them."


def said_of_trend(page):
    """page: a TrendPage."""
    told = f"{_initiatives(page.trend.initiatives)} {page.period.on_tracks}"
    return f"{told}, {page.words(page.trend.rows[0].bin)} to {page.last}." if page.trend.rows else f"{told}."


def said_of_known(page):
    """page: a KnownPage."""
    return f"{_initiatives(page.then.initiatives)} known on {day_words(page.on)}, {page.now.initiatives:,} known now."


def said_of_sequence(page):
    """page: a SequencePage."""
    return f"{_initiatives(page.sequence.counted)} {page.period.on_tracks} as of {day_words(page.period.as_of)}."


def said_of_track(page):
    """page: a TrackPage."""
    told = [f"{number.value:,} {label}" for label, number in page.counts] or ["None recorded"]
    organisations = page.page.paginator.count
    day = day_words(page.period.as_of)
    return f"{', '.join(told)} as of {day}; {organisations:,} organisation{pluralize(organisations)}."


def said_of_work(page, number):
    """page: about an organisation's work, with that many initiatives."""
    return f"{_initiatives(number)} on at least one track as of {day_words(page.period.as_of)}."


def said_of_points(points, period):
    """points: [Open]."""
    told = " ".join(f"{one.point.title} {one.number:,}." for one in points)
    return f"{told} As of {day_words(period.as_of)}."


def _initiatives(number):
    return f"{number:,} initiative{pluralize(number)}"
