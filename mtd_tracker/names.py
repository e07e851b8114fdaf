"""A person in a text that is kept: by a mark, which becomes their name where it is shown, and goes with their account.

Their name as it was written once would stay when they take another one, and when their account is erased.
"""

import re

from django.contrib.auth import get_user_model

MARK = re.compile(r"\{person ([0-9a-f-]{36})\}")
ERASED = "somebody whose account was erased"


def mark_of(user):
    """user: None where the account is gone."""
    return f"{{person {user.ref}}}" if user else ERASED


def with_names(texts):
    """Texts with names in place of marks. Queries: one, or none where there is no mark."""
    refs = {ref for text in texts for ref in MARK.findall(text)}
    names = {str(user.ref): str(user) for user in get_user_model().objects.filter(ref__in=refs)} if refs else {}
    return [MARK.sub(lambda mark: names.get(mark[1], ERASED), text) for text in texts]
