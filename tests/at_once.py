from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(*calls, refusal):
    """Call them at the same moment, each on a connection of its own.

    refusal: the exception that tells one that it came too late. Shape: ([what a call gave], [refusal]).
    """
    start, given, refusals = Barrier(len(calls)), [], []

    def run(call):
        start.wait()
        try:
            given.append(call())
        except refusal as error:
            refusals.append(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        list(threads.map(run, calls))
    return given, refusals
