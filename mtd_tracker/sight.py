"""Whose sight the database goes by. On SQLite nothing of this does anything.

On PostgreSQL the row policies (mtd_tracker/rowsecurity) read settings that end with the transaction: who is at
work (`app.user_id`), why the site itself is (`app.elevated`), and which rows are just being changed
(`app.in_hand_<table>`). Without any of them only what is public shows.
"""

from contextlib import contextmanager

from django.db import connection, transaction
from psycopg.pq import TransactionStatus


def guarded():
    """Whether this database has row policies at all."""
    return connection.vendor == "postgresql"


@contextmanager
def seen_by(user):
    """One transaction in which the database shows what this person may open, and nothing else. None: nobody.

    Around each request; around each task and each streamed answer too, for the person it is done for.
    """
    if not guarded():
        yield
        return
    whose = {"user_id": _key_of(user), "elevated": ""}
    if connection.in_atomic_block:
        with transaction.atomic(), setting(**whose):
            yield
    else:
        with transaction.atomic():
            _put(whose)  # with which it ends, so that nothing needs to be brought back
            yield


def look_as(user):
    """For the rest of this transaction somebody else is at work: they just signed in or out."""
    if guarded() and connection.in_atomic_block:
        _put({"user_id": _key_of(user)})


@contextmanager
def in_hand(record):
    """What one may see as one begins to change it stays in sight until the change is written, with its history.

    Else somebody who shares a record away from themselves could not finish, and its parts would be missing in
    the revision. `record`: read afresh, and locked.
    """
    if not guarded():
        yield
        return
    name = f"in_hand_{record._meta.db_table}"
    others = _read([name])[name].strip("{}")
    with setting(**{name: f"{{{others},{record.pk}}}" if others else f"{{{record.pk}}}"}):
        yield


@contextmanager
def setting(**values):
    """Settings of the transaction for as long as the block lasts. Shape: {name without "app.": text}."""
    former = _exchange(values)
    try:
        yield
    finally:
        if _in_working_order():  # else the rollback that must follow brings the former ones back
            _put(former)


def _key_of(user):
    return str(user.pk) if user and user.is_authenticated and user.is_active else ""


def _read(names):
    asked = ", ".join(["coalesce(current_setting(%s, true), '')"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", [f"app.{name}" for name in names])
        return dict(zip(names, cursor.fetchone(), strict=True))


def _put(values):
    put, pairs = _putting(values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {put}", pairs)


def _putting(values):
    """(expressions that put them, their parameters)"""
    pairs = [text for name, value in values.items() for text in (f"app.{name}", value)]
    return ", ".join(["set_config(%s, %s, true)"] * len(values)), pairs


def _exchange(values):
    """Put them, and tell what was there before: at once, because each question takes a way to the database."""
    former = ", ".join(f"coalesce(current_setting(%s, true), '') AS former_{place}" for place in range(len(values)))
    put, pairs = _putting(values)
    with connection.cursor() as cursor:
        former_first = f"WITH former AS MATERIALIZED (SELECT {former})"
        names = [f"app.{name}" for name in values]
        cursor.execute(f"{former_first} SELECT *, {put} FROM former", [*names, *pairs])  # noqa: S608  names of our own
        return dict(zip(values, cursor.fetchone(), strict=False))


def _in_working_order():
    status = connection.connection and connection.connection.info.transaction_status
    return status == TransactionStatus.INTRANS and not connection.needs_rollback
