"""Values that a request names in text: None where it names none, or nothing that can be read as one."""

from uuid import UUID


def whole_number(text):
    """Of at most nine digits, so that every database can hold it."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def uuid_in(text):
    try:
        return UUID(text or "")
    except ValueError:
        return None
