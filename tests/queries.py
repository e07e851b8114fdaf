"""What a page asks the database, besides what every signed-in request asks."""

# Session, user, and in whose sight the database is to be: asked once a request, whatever the page.
OF_EVERY_REQUEST = (
    "accounts_session",
    "set_config",
    "current_setting",
    'FROM "accounts_user" WHERE "accounts_user"."id"',
)


def besides_session_and_user(captured):
    """Of the queries that were captured, those of the page itself. Shape: [SQL]."""
    reading = [query["sql"] for query in captured if query["sql"].lstrip("(").split()[0] in ("SELECT", "WITH")]
    return [sql for sql in reading if not any(word in sql for word in OF_EVERY_REQUEST)]
