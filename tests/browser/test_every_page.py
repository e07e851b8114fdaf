"""Every page: no finding of axe, no sideways scroll on a phone, and no error, for each kind of reader."""

import pytest

from initiatives.actions.invitations import invite
from initiatives.actions.questions import keep_question
from initiatives.digests import token_of as digest_token_of
from initiatives.invitations import token_of
from initiatives.models import Initiative, InitiativeLink, Membership, Publication
from tests.browser.conftest import axe_violations

pytestmark = pytest.mark.browser

PAGES = {
    None: (
        "/",
        "/initiatives/",
        "/initiatives/?status=nonsense&from=2030&to=2020",
        "/initiatives/?q=nothing-like-it",
        "/conflicts/",
        "/conflicts/northern-ireland/",
        "/conflicts/northern-ireland/?from=1995&to=1999&as_of=1997-06-30&turn=3",
        "/conflicts/cyprus/?from=2030&to=2020",
        "/conflicts/northern-ireland/sequence/",
        "/conflicts/israel-palestine/sequence/?from=1990&to=2000",
        "/conflicts/cyprus/sequence/?from=2030&to=2020",
        "/conflicts/northern-ireland/linkage/",
        "/conflicts/northern-ireland/linkage/?source=government&target=religion",
        "/conflicts/northern-ireland/linkage/?source=business&target=government",
        "/conflicts/demonstration-valley/",
        "/conflicts/cyprus/tracks/business/",
        "/conflicts/cyprus/tracks/religion/?from=2030&to=2020",
        "/conflicts/compare/?system=cyprus&system=liberia&system=tajikistan",
        "/conflicts/compare/",
        "/conflicts/northern-ireland/trend/?by=month&from=1994&to=1999-06",
        "/conflicts/northern-ireland/trend/?by=year",
        "/conflicts/northern-ireland/trend/?by=week",
        "/conflicts/northern-ireland/report/",
        "/conflicts/northern-ireland/report/?as=public&from=1995",
        "/conflicts/cyprus/report/?as=public&from=2030&to=2020",
        "/organisations/fafo/portfolio/",
        "/organisations/fafo/principles/",
        "/organisations/",
        "/organisations/fafo/",
        "/definitions/",
        "/taxonomy/",
        "/taxonomy/tracks/business/",
        "/taxonomy/principles/trust/",
        "/taxonomy/activities/mediation/",
        "/taxonomy/schemes/",
        "/accounts/login/",
        "/accounts/password/reset/",
        "/invitations/{token}/",
        "/invitations/nonsense/",
        "/digests/stop/{stop}/",
        "/nothing-here/",
    ),
    "practitioner": (
        "/",
        "/initiatives/",
        "/initiatives/new/",
        "/initiatives/{own}/",
        "/initiatives/{own}/edit/",
        "/initiatives/{own}/sharing/",
        "/initiatives/{own}/principles/",
        "/initiatives/{own}/history/",
        "/initiatives/{own}/history/1/",
        "/initiatives/{own}/erase/",
        "/erasures/",
        "/accounts/erase/",
        "/initiatives/{own}/mark/end/",
        "/initiatives/{own}/links/",
        "/initiatives/{told}/links/{other}/feeds_into/propose/",
        "/initiatives/{other}/links/{own}/funds/answer/",
        "/proposals/",
        "/initiatives/{own}/log/",
        "/initiatives/{draft}/delete/",
        "/questions/",
        "/questions/new/?address=%2Fconflicts%2Fcyprus%2F",
        "/questions/new/?address=%2Faccounts%2F",
        "/questions/{question}/edit/",
        "/questions/{question}/delete/",
        "/organisations/bridge-builders/members/",
        "/accounts/security/",
        "/accounts/security/needed/",
        "/accounts/security/sessions/",
        "/accounts/security/app/",
        "/accounts/security/passkeys/new/",
        "/accounts/reauthenticate/",
        "/accounts/password/change/",
    ),
    "manager": (
        "/",
        "/reviews/",
        "/conflicts/demonstration-valley/known/",
        "/conflicts/demonstration-valley/report/?as=network",
        "/conflicts/new/",
        "/conflicts/cyprus/edit/",
        "/conflicts/cyprus/history/",
        "/organisations/new/",
        "/organisations/bridge-builders/members/",
        "/organisations/bridge-builders/members/{member}/",
        "/organisations/bridge-builders/members/invite/",
        "/organisations/bridge-builders/members/leave/",
        "/organisations/bridge-builders/invitations/{invited}/",
        "/organisations/bridge-builders/settings/",
        "/workspace/",
        "/todo/",
        "/todo/?point=unconfirmed",
        "/conflicts/demonstration-valley/open-points/",
        "/conflicts/demonstration-valley/statements/",
        "/conflicts/demonstration-valley/statements/new/?track=religion",
        "/invitations/{token}/",
        "/organisations/bridge-builders/keepers/",
        "/organisations/bridge-builders/readings/",
        "/initiatives/{own}/readings/",
    ),
    "curator": (
        "/taxonomy/tracks/new/",
        "/taxonomy/tracks/order/",
        "/taxonomy/tracks/business/edit/",
        "/taxonomy/tracks/business/retire/",
        "/taxonomy/tracks/business/history/",
        "/organisations/fafo/edit/",
        "/organisations/fafo/merge/",
        "/organisations/fafo/merge/?into=bridge-builders",
        "/organisations/bridge-builders/merge/",
    ),
}


@pytest.mark.parametrize("account", PAGES, ids=lambda account: account or "signed out")
def test_pages_are_sound_on_a_phone_and_on_a_screen(open_page, sign_in, account):
    page = open_page(width=360)
    own = Initiative.objects.filter(
        author__email="practitioner@demo.example", publication=Publication.PUBLISHED, sharing="organisation"
    ).first()
    draft = Initiative.objects.filter(author__email="practitioner@demo.example", publication=Publication.DRAFT).first()
    told, other = (
        Initiative.objects.filter(author__email=f"{author}@demo.example", sharing="public").first()
        for author in ("practitioner", "outsider")
    )
    InitiativeLink.objects.create(source=told, target=other, kind="feeds_into")
    InitiativeLink.objects.create(source=other, target=own, kind="funds", proposal=InitiativeLink.Proposal.OPEN)
    invitation = invite(own.owner, by=None, email="invited@demo.example", role=Membership.Role.PRACTITIONER)
    names = {
        "own": own.ref,
        "draft": draft.ref,
        "told": told.ref,
        "other": other.ref,
        "member": own.author.memberships.get().ref,
        "invited": invitation.ref,
        "token": token_of(invitation),
        "stop": digest_token_of(own.author),
        "question": keep_question("/initiatives/", by=own.author, name="All of them", sharing="mine").ref,
    }
    if account:
        sign_in(page, account)
    faults = []
    for address in PAGES[account]:
        path = address.format(**names)
        response = page.goto(path)
        if response.status >= 500:
            faults.append(f"{path}: {response.status}")
        for width in (360, 1280):  # no script asks how wide the page is, so it need not be loaded again
            page.set_viewport_size({"width": width, "height": 900})
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if sideways > 0:
                faults.append(f"{path} at {width}: {sideways} px sideways")
        faults += [f"{path}: {fault}" for fault in axe_violations(page)]
    assert faults == []
