import resource
import sys

from mtd_tracker.stack import calls_have_room

DEEPEST = 400  # calls below the middleware
TIMES = 300


def test_no_depth_of_calls_takes_memory_anew_each_time():
    def taken(_):
        return [faults_of_calls_at(depth) for depth in range(DEEPEST)]

    assert max(calls_have_room(taken)(None)) < TIMES / 3


def faults_of_calls_at(depth):
    """How often the system was asked for a page of memory while something was called there over and over."""
    if depth:
        return faults_of_calls_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(TIMES):
        nothing(1, 2, 3)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def nothing(*given):
    return sys.maxsize
