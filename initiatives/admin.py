"""For administrators: organisations and their members. Never initiatives, nor what hangs on them."""

from django import forms
from django.contrib.admin import ModelAdmin, TabularInline, register

from initiatives.actions.organisations import add_organisation
from initiatives.models import Membership, Organisation
from mtd_tracker.administration import OffersOnly, site


class MembershipInline(TabularInline):
    model = Membership
    autocomplete_fields = ("user",)
    extra = 1


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ("name", "acronym", "kind", "country")

    def clean_name(self):
        name = self.cleaned_data["name"]
        if Organisation.objects.filter(confirmed=True, name__iexact=name).exists():
            raise forms.ValidationError("An organisation of this name is there already.")
        return name


@register(Organisation, site=site)
class OrganisationAdmin(OffersOnly, ModelAdmin):
    """Begins an organisation and keeps its members; its other fields are edited on the site, with their history.

    An unconfirmed one is not shown: its name may tell of an initiative that is nobody else's business.
    """

    form = OrganisationForm
    inlines = (MembershipInline,)
    fields = OrganisationForm.Meta.fields
    list_display = ("name", "acronym", "kind", "country")
    search_fields = ("name", "acronym", "code")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(confirmed=True)

    def get_readonly_fields(self, request, obj=None):
        return self.fields if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            values = form.cleaned_data | {"aliases": [], "localness": {}}
            obj.pk = add_organisation(values, by=request.user).pk
