"""For administrators: organisations and their first manager. Never initiatives, nor what hangs on them."""

import logging

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin, TabularInline, register
from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.actions.invitations import invite
from initiatives.actions.organisations import add_organisation
from initiatives.invitations import mail_invitation
from initiatives.models import Membership, Organisation
from mtd_tracker.administration import OffersOnly, ProvenFirst, site

logger = logging.getLogger(__name__)

MANAGER = ("manager_name", "manager_email")


class MembershipInline(TabularInline):
    """To be looked at: managers keep the members, with a history, and never without a manager."""

    model = Membership
    fields = readonly_fields = ("user", "role", "active")
    extra = 0

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class OrganisationForm(forms.ModelForm):
    manager_name = forms.CharField(
        label="Manager to invite: name", max_length=150, help_text="As colleagues know them."
    )
    manager_email = forms.EmailField(label="Manager to invite: e-mail address", help_text="An invitation goes there.")

    class Meta:
        model = Organisation
        fields = ("name", "acronym", "kind", "country")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in MANAGER:
            self.fields[name].required = not self.instance.pk

    def clean_name(self):
        name = self.cleaned_data["name"]
        if Organisation.objects.filter(confirmed=True, name__iexact=name).exists():
            raise forms.ValidationError("An organisation of this name is there already.")
        return name


@register(Organisation, site=site)
class OrganisationAdmin(ProvenFirst, OffersOnly, ModelAdmin):
    """Begins an organisation, and invites its first manager, or another where it has lost all of them. Its other
    fields are edited on the site, with their history, and its members by its managers.

    An unconfirmed one is not shown: its name may tell of an initiative that is nobody else's business.
    """

    form = OrganisationForm
    inlines = (MembershipInline,)
    fields = (*OrganisationForm.Meta.fields, *MANAGER)
    list_display = ("name", "acronym", "kind", "country")
    search_fields = ("name", "acronym", "code")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(confirmed=True)

    def get_readonly_fields(self, request, obj=None):
        return OrganisationForm.Meta.fields if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        said = form.cleaned_data
        if not change:
            values = {name: said[name] for name in OrganisationForm.Meta.fields} | {"aliases": [], "localness": {}}
            obj.pk = add_organisation(values, by=request.user).pk
        if said["manager_email"]:
            self._invite(request, Organisation.objects.get(pk=obj.pk), said)

    def _invite(self, request, organisation, said):
        role, email = Membership.Role.MANAGER, said["manager_email"].lower()
        try:
            invitation = invite(organisation, by=request.user, email=email, role=role, name=said["manager_name"])
        except ValidationError as refusal:
            self.message_user(request, f"Nobody was invited. {' '.join(refusal.messages)}", messages.ERROR)
        else:
            transaction.on_commit(lambda: self._send(request, invitation))

    def _send(self, request, invitation):
        try:
            mail_invitation(invitation, absolute=request.build_absolute_uri)
        except OSError:
            logger.exception("An invitation could not be sent")
            told = f"The mail to {invitation.email} could not be sent. The command start_organisation sends it again."
            self.message_user(request, told, messages.ERROR)
        else:
            self.message_user(request, f"An invitation was sent to {invitation.email}.", messages.SUCCESS)
