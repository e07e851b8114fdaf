"""One track of a system as its page shows it: who is on it, in which roles and since when."""

from dataclasses import dataclass

from django.core.paginator import Page

from initiatives.analytics.on_track import OnTrack, TrackTimes, as_on_track, numbers_on
from initiatives.models import BEGUN, Status
from initiatives.pages.addresses import Addresses
from initiatives.pages.coverage import figure
from taxonomy.models import Track

PER_PAGE = 50  # organisations
AS = "as lead, implementer, partner or mediator"
WORDS = {  # after a number of organisations: of one, of several
    "working": (f"takes part {AS}", f"take part {AS}"),
    "funding": ("funds", "fund"),
    "others": ("hosts or is party to the talks", "host or are party to the talks"),
}


@dataclass(frozen=True)
class TrackPage:
    """times: of the track. page: of rows of `organisations_on`; told: the same, as OnTrack. numbers: of `numbers_on`,
    over all pages."""

    track: Track
    period: object
    times: TrackTimes
    page: Page
    told: list[OnTrack]
    numbers: dict[str, int]
    addresses: Addresses

    @property
    def counts(self):
        """Of each status that there is. Shape: [(label, Figure)]."""
        return [
            (status.label.lower(), figure(self.times.counts[status], self._records(status)))
            for status in (*BEGUN, Status.PLANNED)
            if status in self.times.counts
        ]

    @property
    def parts(self):
        """How many organisations have a role of each kind, of which there are any. Shape: [words]."""
        numbers = ((number, WORDS[kind]) for kind, number in self.numbers.items() if number)
        return [f"{number:,} {words[number > 1]}" for number, words in numbers]

    @property
    def has_overlap(self):
        """Whether an organisation has roles of several kinds."""
        return sum(self.numbers.values()) > self.page.paginator.count

    @property
    def is_dormant(self):
        """All that had begun has ended."""
        return [status for status in BEGUN if status in self.times.counts] == [Status.ENDED]

    @property
    def has_begun(self):
        return self.times.since is not None

    @property
    def rows(self):
        """Shape: [(OnTrack, Figure)]."""
        return [
            (one, figure(one.initiatives, self.addresses.of_organisation(one.organisation, tracks=(self.track.code,))))
            for one in self.told
        ]

    def _records(self, status):
        return self.addresses.records(status, tracks=(self.track.code,))


def counted_track(counted_as, code):
    """(the track that this one counts as, whether that is another, keys of all that count as it); None where there is
    no track of this code. counted_as: what each track counts as, by primary key."""
    counting = next((counted for counted in counted_as.values() if counted.code == code), None)
    replaced = None if counting else Track.objects.filter(code=code).first()
    if not (counting or replaced):
        return None
    track = counting or counted_as[replaced.pk]
    return track, counting is None, [key for key, counted in counted_as.items() if counted == track]


def track_page(track, *, period, times, page, engaged, addresses):
    told, numbers = as_on_track(page.object_list, engaged), numbers_on(engaged)
    return TrackPage(track, period, times, page, told, numbers, addresses)
