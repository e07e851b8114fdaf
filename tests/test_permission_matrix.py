"""Every address, asked by every kind of person. The expectations are written by hand, from the design.

One letter a person: O may (whatever the answer's form: page, redirect, error about the input), L sign in first,
F not allowed (403), N not there (404). An address without a row fails the test.
"""

from functools import cache

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from initiatives.models import Initiative
from mtd_tracker.erasure.models import Erasure
from mtd_tracker.history import Versioned
from tests.everybody import (
    PEOPLE,
    address_of_record,
    address_without_record,
    addresses,
    arguments,
    left_for,
    people,
    record,
)
from tests.factories import make_initiative

__all__ = ["arguments", "people", "record"]  # fixtures, used here under the same names

EVERYBODY = "OOOOOOOOOOO"
MEMBERS = "LOOOOOOOFFF"  # of any organisation
SIGNED_IN = "LOOOOOOOOOO"
NOBODYS = "LNNNNNNNNNN"  # nobody in this matrix has a second factor
CURATORS = "LFFFFFFFOOF"
GROUND_KEEPERS = "LFFOFOFFOOF"  # managers and curators
COLLEAGUES = "LOOOFFFFFFF"  # in the author's organisation
MANAGER = "LFFOFFFFFFF"  # of the author's organisation

PLAIN = {
    "initiatives:home": EVERYBODY,
    "initiatives:definitions": EVERYBODY,
    "initiatives:list": EVERYBODY,
    "initiatives:export-csv": EVERYBODY,
    "initiatives:export-json": EVERYBODY,
    "initiatives:new": MEMBERS,
    "initiatives:similar": MEMBERS,
    "initiatives:autosave-new": MEMBERS,
    "initiatives:reviews": "LFFOFOFFFFF",  # managers of any organisation, each of their own
    "initiatives:readers": MEMBERS,
    "initiatives:proposals": MEMBERS,
    "initiatives:conflicts": EVERYBODY,
    "initiatives:conflicts-json": EVERYBODY,
    "initiatives:compare": EVERYBODY,
    "initiatives:conflict": EVERYBODY,
    "initiatives:coverage-json": EVERYBODY,
    "initiatives:coverage-csv": EVERYBODY,
    "initiatives:compare-json": EVERYBODY,
    "initiatives:trend-json": EVERYBODY,
    "initiatives:linkage-json": EVERYBODY,
    "initiatives:fields": EVERYBODY,
    "initiatives:circle-svg": EVERYBODY,
    "initiatives:circle-png": EVERYBODY,
    "initiatives:sequence": EVERYBODY,
    "initiatives:sequence-svg": EVERYBODY,
    "initiatives:sequence-json": EVERYBODY,
    "initiatives:trend": EVERYBODY,
    "initiatives:linkage": EVERYBODY,
    "initiatives:report": EVERYBODY,  # as public; the network's: tests/initiatives/test_report.py
    "initiatives:report-pdf": SIGNED_IN,
    "initiatives:known": "LOOOOOOOOOF",  # members and curators, who are told when a record was changed
    "initiatives:known-json": "LOOOOOOOOOF",
    "initiatives:conflict-new": GROUND_KEEPERS,
    "initiatives:conflict-edit": GROUND_KEEPERS,
    "initiatives:conflict-history": GROUND_KEEPERS,
    "initiatives:open-points": "LOOOOOOOOOF",  # members and curators, who are told whose records they are
    "initiatives:conflict-track": EVERYBODY,
    "initiatives:track-json": EVERYBODY,
    "initiatives:todo": "LFFOFOFFFFF",  # managers of the organisation that they work for
    "initiatives:todo-count": "LFFOFOFFFFF",
    "initiatives:statements": "LOOOOOOOOOF",  # what organisations state is for the network
    "initiatives:statement-new": "LFFOFOFFFFF",  # managers of any organisation
    "initiatives:statement": "LOOOOOOOOON",
    "initiatives:statement-edit": "LFFOFFFFFFN",  # of the author's organisation: its managers
    "initiatives:statement-withdraw": "LFFOFFFFFFN",
    "initiatives:questions": SIGNED_IN,
    "initiatives:question-new": SIGNED_IN,
    "initiatives:question": "NOOONNNNNNN",  # the author's, shared in the organisation
    "initiatives:question-edit": "LOFFNNNNNNN",
    "initiatives:question-delete": "LOFFNNNNNNN",
    "initiatives:question-move": "LOFFNNNNNNN",
    "initiatives:digest-stop": EVERYBODY,  # whoever reads the mail
    "initiatives:organisations": EVERYBODY,
    "initiatives:organisation": EVERYBODY,
    "initiatives:portfolio": EVERYBODY,
    "initiatives:portfolio-csv": EVERYBODY,
    "initiatives:portfolio-json": EVERYBODY,
    "initiatives:organisation-principles": EVERYBODY,
    "initiatives:organisation-principles-json": EVERYBODY,
    "initiatives:organisation-suggest": SIGNED_IN,
    "initiatives:organisation-new": GROUND_KEEPERS,
    "initiatives:organisation-edit": "LFFOFFFFOOF",  # of the author's organisation: its own manager, curators
    "initiatives:organisation-history": "LFFOFFFFOOF",
    "initiatives:organisation-confirm": CURATORS,
    "initiatives:organisation-merge": CURATORS,
    "initiatives:organisation-settings": MANAGER,
    "initiatives:members": COLLEAGUES,
    "initiatives:leave": COLLEAGUES,
    "initiatives:invite": MANAGER,
    "initiatives:member": MANAGER,
    "initiatives:invited": MANAGER,
    "initiatives:workspace": SIGNED_IN,
    "invitation": "OFFFFFFFFFF",  # whoever reads the mail; nobody who is signed in by another address
    "initiatives:keepers": MANAGER,
    "initiatives:keeper": MANAGER,
    "initiatives:organisation-readings": "LFFOFFFFFFF",  # of the author's organisation: its own managers
    "erasure:account": SIGNED_IN,
    "erasure:list": SIGNED_IN,
    "taxonomy:index": EVERYBODY,
    "taxonomy:schemes": EVERYBODY,
    "taxonomy:lens": EVERYBODY,
    "taxonomy:track": EVERYBODY,
    "taxonomy:principle": EVERYBODY,
    "taxonomy:activity": EVERYBODY,
    "taxonomy:term-new": CURATORS,
    "taxonomy:term-order": CURATORS,
    "taxonomy:term-edit": CURATORS,
    "taxonomy:term-retire": CURATORS,
    "taxonomy:term-restore": CURATORS,
    "taxonomy:term-history": CURATORS,
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_waiting": SIGNED_IN,
    "account_signup": EVERYBODY,
    "account_inactive": EVERYBODY,
    "mfa_authenticate": SIGNED_IN,  # a stage of signing in: whoever hasn't begun is led to the beginning
    "mfa_login_webauthn": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "account_security": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "account_second_factor": SIGNED_IN,
    "account_sessions": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": NOBODYS,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,  # first asked who they are; then somebody else's is not there: tests of passkeys
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_view_recovery_codes": NOBODYS,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
}

# Of a record that the author's organisation owns, by its sharing (or as a draft).
READ = {
    "public": "OOOOOOOOOOO",
    "network": "NOOOOOOOOON",
    "organisation": "NOOONNOONNN",
    "restricted": "NONNNNOONNN",
    "draft": "NONNNNOONNN",
}
CHANGE = {
    "public": "LOFOFFFOFFF",
    "network": "LOFOFFFOFFN",
    "organisation": "LOFONNFONNN",
    "restricted": "LONNNNFONNN",
    "draft": "LONNNNFONNN",
}
SAY_WHO_READS = {
    "public": "LOFOFFFFFFF",
    "network": "LOFOFFFFFFN",
    "organisation": "LOFONNFFNNN",
    "restricted": "LONNNNFFNNN",
    "draft": "LONNNNFFNNN",
}
KEEP_LOG = {
    "public": "LOOOFFFOFFF",
    "network": "LOOOFFFOFFN",
    "organisation": "LOOONNFONNN",
    "restricted": "LONNNNFONNN",
    "draft": "LONNNNFONNN",
}
# An entry for the organisation alone, whoever may read the record itself.
CHANGE_ENTRY = {
    "public": "LOFONNFONNN",
    "network": "LOFONNFONNN",
    "organisation": "LOFONNFONNN",
    "restricted": "LONNNNFONNN",
    "draft": "LONNNNFONNN",
}
DELETE = {
    "public": "LFFFFFFFFFF",
    "network": "LFFFFFFFFFN",
    "organisation": "LFFFNNFFNNN",
    "restricted": "LFNNNNFFNNN",
    "draft": "LONNNNFFNNN",
}
# Approve or return: its organisation's managers, who neither wrote nor sent it; for others it is not in review.
REVIEW = {
    "public": "LFFOFFFFFFF",
    "network": "LFFOFFFFFFN",
    "organisation": "LFFONNFFNNN",
    "restricted": "LFNNNNFFNNN",
    "draft": "LFNNNNFFNNN",
}
# Of one that waits for review, whatever its sharing is to be: as a draft, but for the manager.
IN_REVIEW = {
    "initiatives:detail": "NONONNOONNN",
    "initiatives:history": "LONONNFONNN",
    "initiatives:edit": "LONONNFONNN",
    "initiatives:mark": "LONONNFONNN",
    "initiatives:review": "LFNONNFFNNN",
    "initiatives:delete": "LFNFNNFFNNN",
    "initiatives:log-new": "LONONNFONNN",
    "initiatives:link-new": "LONONNFONNN",
}
# Confirm or decline a link from it to another record of its author's: those who may change that one may change both.
ANSWER = {
    "public": "LFFFFFFFFFF",
    "network": "LFFFFFFFFFN",
    "organisation": "LFFFNNFFNNN",
    "restricted": "LFNNNNFFNNN",
    "draft": "LFNNNNFFNNN",
}
# Who read it: managers of an organisation's record, the people of a restricted one; of others nothing is kept.
READINGS = {
    "public": "LFFFFFFFFFF",
    "network": "LFFFFFFFFFN",
    "organisation": "LFFONNFFNNN",
    "restricted": "LONNNNOONNN",
    "draft": "LFNNNNFFNNN",
}
ASK_TO_ERASE = {
    "public": "LOFOFFFFFFF",
    "network": "LOFOFFFFFFN",
    "organisation": "LOFONNFFNNN",
    "restricted": "LONNNNFFNNN",
    "draft": "LFNNNNFFNNN",
}
# Asked for by the author, who may take it back; decided by a manager, of a restricted record by who may write in it.
ERASE = {
    "public": "LONONNNNNNN",
    "network": "LONONNNNNNN",
    "organisation": "LONONNNNNNN",
    "restricted": "LONNNNNONNN",
    "draft": "LONNNNNNNNN",
}
RECORD = {
    "initiatives:version": CHANGE,
    "initiatives:readings": READINGS,
    "erasure:record": ASK_TO_ERASE,
    "erasure:erasure": ERASE,
    "initiatives:detail": READ,
    "initiatives:principles": READ,
    "initiatives:history": CHANGE,
    "initiatives:edit": CHANGE,
    "initiatives:sharing": SAY_WHO_READS,
    "initiatives:autosave-edit": CHANGE,
    "initiatives:mark": CHANGE,
    "initiatives:review": REVIEW,
    "initiatives:delete": DELETE,
    "initiatives:log-new": KEEP_LOG,
    "initiatives:log-edit": CHANGE_ENTRY,
    "initiatives:log-delete": CHANGE_ENTRY,
    "initiatives:link-new": CHANGE,
    "initiatives:link-delete": CHANGE,
    "initiatives:link-propose": CHANGE,
    "initiatives:link-answer": ANSWER,
}

ADMIN = "LLLLLLLLLOL"  # every page of Django's admin, but for its own sign-in
ADMIN_OPEN_TO_ALL = {"admin:login", "admin:logout", "admin:jsi18n"}


def answer(user, address, method, before):
    """One letter for what this person gets; the database is left as it was. before: its traces."""
    client = Client()
    if user is not None:
        client.force_login(user)
    with transaction.atomic():
        response = getattr(client, method)(address)
        changed = traces() != before
        transaction.set_rollback(True)
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(("/accounts/login/", "/admin/login/")):
        letter = "L"
    else:
        letter = {403: "F", 404: "N", 405: "-"}.get(response.status_code, "O")
    assert response.status_code < 500
    assert not (changed and letter != "O"), f"{address} refused, and changed something"
    return letter


@cache
def versions():
    """The statement that tells the version of everything that people edit: one, because it is asked so often."""
    models = [
        model
        for parent in Versioned.__subclasses__()
        for model in ([parent] if not parent._meta.abstract else parent.__subclasses__())
    ]
    tables = [model._meta.db_table for model in models]
    return " UNION ALL ".join(f"SELECT '{table}', id, version FROM {table}" for table in tables)


def traces():
    """Versions of everything that people edit, and erasures: a change that shows nowhere else shows here."""
    erasures = sorted(Erasure.objects.values_list("pk", "declined_at", "approved_at"), key=str)
    with connection.cursor() as cursor:
        cursor.execute(versions())
        return erasures, sorted(cursor.fetchall())


def assert_answers(people, address, expected):
    """Equal letter by letter; a POST that the address doesn't take ("-") is refused in its own way."""
    before = traces()
    for method in ("get", "post"):
        found = "".join(answer(people[name], address, method, before) for name in PEOPLE)
        alike = all(one in (other, "-") for one, other in zip(found, expected, strict=True))
        assert alike, f"{method} {address}: {found}, not {expected}"
        assert method == "post" or "-" not in found


@pytest.mark.django_db
def test_every_address_has_a_row():
    named = {name for name in addresses() if not name.startswith("admin:")}
    assert named == set(PLAIN) | set(RECORD)


@pytest.mark.parametrize("name", PLAIN)
def test_addresses_that_hold_no_record(people, arguments, name):
    assert_answers(people, address_without_record(name, arguments), PLAIN[name])


@pytest.mark.parametrize("level", ["public", "network", "organisation", "restricted", "draft"])
@pytest.mark.parametrize("name", RECORD)
def test_addresses_of_a_record(people, record, name, level):
    assert_answers(people, address_of_record(name, record(level)), RECORD[name][level])


@pytest.mark.parametrize("level", ["public", "network", "organisation", "restricted", "draft"])
@pytest.mark.parametrize("name", RECORD)
def test_its_author_who_left_and_works_elsewhere_is_answered_as_an_outsider(people, record, harbour, name, level):
    address = address_of_record(name, record(level))
    author = left_for(harbour, people["author"])
    before = traces()
    expected = RECORD[name][level][PEOPLE.index("outsider")]
    if name == "erasure:erasure" and level in ("public", "network"):
        expected = "O"  # may take back what they asked for
    assert {answer(author, address, method, before) for method in ("get", "post")} <= {expected, "-"}


@pytest.mark.parametrize("name", IN_REVIEW)
def test_addresses_of_a_record_in_review(people, record, name):
    initiative = record("public")
    initiative.publication = "in_review"
    initiative.save()
    assert_answers(people, address_of_record(name, initiative), IN_REVIEW[name])


def test_the_admin_is_for_administrators(people):
    for name, parameters in addresses().items():
        if name.startswith("admin:") and not parameters and name not in ADMIN_OPEN_TO_ALL:
            query = "?app_label=initiatives&model_name=membership&field_name=user" if "autocomplete" in name else ""
            assert_answers(people, reverse(name) + query, ADMIN)


def test_the_admin_shows_no_initiative(client, administrator, alice):
    make_initiative("Canary", by=alice, sharing="public")
    client.force_login(administrator)
    for name, parameters in addresses().items():
        if name.startswith("admin:") and not parameters:
            assert "Canary" not in client.get(reverse(name)).content.decode()
    assert Initiative.objects.filter(title="Canary").exists()
