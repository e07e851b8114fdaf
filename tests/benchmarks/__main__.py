"""uv run python -m tests.benchmarks [--large]: measures the goals of docs/performance.md; fails where one is missed.

DATABASE_URL names a PostgreSQL database whose owner may create others. Pages are served as the role that row security
binds, to somebody with one membership.
"""

import argparse
import sys
from contextlib import ExitStack, closing

from tests.benchmarks import goals
from tests.benchmarks.verdicts import of_number, of_ratios
from tests.benchmarks.worlds import World

SIZES, LARGE = [10_000, 100_000], 1_000_000
WARM_UP = 2


def main():
    asked = argparse.ArgumentParser(description=__doc__.partition(":")[2])
    asked.add_argument("--large", action="store_true", help="a million as well: filling it takes long")
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many initiatives (10000 100000)")
    asked.add_argument("--rounds", type=int, default=11)
    asked = asked.parse_args()
    sizes = sorted({*asked.sizes, *[LARGE] * asked.large})
    missed = 0
    with ExitStack() as open_worlds:
        worlds = [open_worlds.enter_context(closing(World(size))) for size in sizes]
        print(f"Medians of {asked.rounds} rounds' ratios (10th–90th percentile); missed if the 10th percentile is.")
        for verdict in verdicts(worlds, asked.rounds):
            print(verdict, flush=True)
            missed += not verdict.met
    print(f"{missed} missed." if missed else "All met.")
    sys.exit(bool(missed))


def verdicts(worlds, rounds):
    for world in worlds:
        for page in world.ask("pages"):
            yield from of_page(world, page, rounds)
        yield of_peer(world, rounds)
        yield of_publishing(world, rounds)
    if len(worlds) > 1:
        yield from of_growth(worlds[0], worlds[-1], rounds)


def of_page(world, page, rounds):
    taken = by_turns(
        rounds,
        lambda: world.ask("page", page.address),
        lambda: world.ask("floor", page.address),
        lambda: world.ask("bare"),
    )
    ratios = [whole / (page.floor * floor + page.bare * bare) for whole, floor, bare in taken]
    name = f"{world.size} {page.name}"
    yield of_ratios(f"{name}: to {page.floor:g} floor + {page.bare:g} bare", ratios, at_most=1)
    yield of_number(f"{name}: queries", world.ask("queries", page.address), at_most=page.queries)


def of_peer(world, rounds):
    taken = by_turns(rounds, lambda: world.ask("listed"), lambda: world.ask("listed_by_the_admin"))
    ratios = [ours / peers for ours, peers in taken]
    return of_ratios(f"{world.size} list: to Django admin's changelist", ratios, at_most=goals.LIST_TO_ADMIN)


def of_publishing(world, rounds):
    taken = by_turns(rounds, lambda: world.ask("publishing"), lambda: world.ask("publishing_alone"))
    ratios = [kept / alone for kept, alone in taken]
    return of_ratios(f"{world.size} publishing: to nothing derived kept", ratios, at_most=goals.PUBLISHING)


def of_growth(small, large, rounds):
    """The goals are those of a hundred times the records; with fewer times, they are easier."""
    times = large.size // small.size
    for page, same in zip(small.ask("pages"), large.ask("pages"), strict=True):
        if page.grows is None:
            continue
        taken = by_turns(
            rounds,
            lambda page=page: small.ask("page", page.address),
            lambda same=same: large.ask("page", same.address),
        )
        ratios = [after / before for before, after in taken]
        yield of_ratios(f"{page.name}: with {times} times the records", ratios, at_most=page.grows)


def by_turns(rounds, *contenders):
    """Shape: [(seconds of each contender)], one a round."""
    taken = [tuple(contender() for contender in contenders) for _ in range(WARM_UP + rounds)]
    return taken[WARM_UP:]


if __name__ == "__main__":
    main()
