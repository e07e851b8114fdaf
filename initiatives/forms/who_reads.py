"""What the form of an initiative and the page on its readers have in common: whose it is, and who reads it."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse_lazy

from initiatives.forms.fields import DayField, OneOf
from initiatives.forms.guessing import count_guesses, refuse_guessing
from initiatives.forms.rows import RowsField, check_rows, refuse_over, refuse_repeats
from initiatives.models import AS_RECORDED, Grant, Membership, ShownDates, ShownPlaces
from initiatives.readers import readers_by_level


def organisations_of(user):
    """Those in which this person works."""
    return [membership.organisation for membership in user.memberships.active().select_related("organisation")]


def owner_field(organisations):
    """Which of one's own organisations owns it. Another one chosen, htmx asks who its members are."""
    readers = reverse_lazy("initiatives:readers")
    asks = {"hx-get": readers, "hx-target": "#readers-organisation", "hx-swap": "outerHTML"}
    return OneOf(
        organisations,
        label="Owning organisation",
        required=True,
        help_text="Its members are meant by “Organisation” below, and its managers may edit the record. What the "
        "diary holds for the organisation goes to it as well.",
        widget=forms.Select(attrs=asks),
    )


def grants_field():
    return RowsField(
        {
            "grant_people": forms.EmailField(
                label="E-mail address", error_messages={"required": "Write the person's e-mail address."}
            ),
            "grant_access": forms.ChoiceField(label="Access", required=False, choices=Grant.Access.choices),
            "grant_until": DayField(label="Until"),
        },
        label="People named on it",
        presets=("grant_access",),
        help_text="They may open it whatever else you choose here, also while it is a draft.",
        add_label="Add a person",
    )


def shown_dates_field():
    return forms.ChoiceField(
        required=False,
        choices=[AS_RECORDED, *ShownDates.choices],
        label="Dates, as others read them",
        help_text="“Year alone” turns 15 July 1993 into 1993, for every date of the record and of its diary.",
    )


def shown_places_field():
    return forms.ChoiceField(
        required=False,
        choices=[AS_RECORDED, *ShownPlaces.choices],
        label="Places, as others read them",
        help_text="Wajir, Kenya becomes Kenya, or Eastern Africa.",
    )


def agreed_field():
    """Asked of what is published for the first time, for others than its organisation."""
    return forms.BooleanField(
        required=False,
        label="Those concerned have agreed that it is read outside the organisation",
        help_text="Needed to publish it for the network or for everyone. What was read can’t be unread.",
    )


class WhoReads:
    """Mixin. Of the form it needs `user`, `own_organisations` and `instance`, an Initiative, or None for a new one."""

    def clean_grants(self):
        rows = self.cleaned_data["grants"]
        addresses = {email.lower() for email, _, _ in rows}
        if addresses - {row[0].lower() for row in self.initial.get("grants", [])}:
            refuse_guessing(self.user)
        people = self._people(addresses)
        count_guesses(self.user, addresses - people.keys())
        stored = {(email.lower(), until) for email, _, until in self.initial.get("grants", [])}

        def found(row):
            email, access, until = row
            if email.lower() not in people:
                raise ValidationError(
                    f"No active member signs in with {email}. Check the address, or ask a manager to invite them."
                )
            refuse_over(until, kept=(email.lower(), until) in stored)
            return people[email.lower()], access or "read", until

        return refuse_repeats(check_rows(rows, found), said_of=lambda row: row[0].email)

    def _people(self, emails):
        """Active members, and whoever is named on the record already. Shape: {address in lower case: User}."""
        reachable = Q(pk__in=Membership.objects.active().values("user"))
        if self.instance:
            reachable |= Q(pk__in=self.instance.grants.values("user"))
        found = get_user_model().objects.annotate(address=Lower("email")).filter(reachable, address__in=emails)
        return {user.email.lower(): user for user in found}

    def sharing_cards(self):
        """Each level with who would read it, as the form stands now. Shape: [(radio button, level, Readers)]."""
        readers = readers_by_level(owner=self._owner(), author=self._author(), named=self._named())
        levels = [(button, button.data["value"]) for button in self["sharing"].subwidgets]
        return [(button, level, readers[level]) for button, level in levels]

    def _owner(self):
        chosen = self["owner"].value() if "owner" in self.fields else None
        stored = self.instance.owner if self.instance else self.own_organisations[0]
        return next((one for one in self.own_organisations if one.code == chosen), stored)

    def _author(self):
        return self.instance.author if self.instance else self.user

    def _named(self):
        """As typed where it can be read, else as stored. Shape: [(User, access, last day or None)]."""
        typed = getattr(self, "cleaned_data", {}).get("grants")
        if typed is not None or not self.instance:
            return typed or []
        grants = self.instance.grants.select_related("user")
        return [(grant.user, grant.access, grant.until_on) for grant in grants]
