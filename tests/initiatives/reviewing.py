"""Reviewers and authors at their browsers."""

from django.test import Client
from django.urls import reverse
from reversion.models import Version

from initiatives.models import Initiative

COMMENT = "Quixotic comment"


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def stored(initiative):
    return Initiative.objects.get(pk=initiative.pk)


def page_of(initiative):
    return reverse("initiatives:review", args=[initiative.ref])


def decide(user, initiative, decision, *, version=None, **said):
    answer = {"decision": decision, "version": version or stored(initiative).version} | said
    return browser(user).post(page_of(initiative), answer)


def mark(user, initiative, slug):
    address = reverse("initiatives:mark", args=[initiative.ref, slug])
    return browser(user).post(address, {"version": stored(initiative).version}, follow=True)


def notes(initiative):
    return [version.revision.comment for version in Version.objects.get_for_object(initiative)]


def kinds(initiative):
    return [step.kind for step in initiative.review_steps.order_by("pk")]
