from http import HTTPStatus

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.admin import display, register
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from initiatives.models import Organisation
from mtd_tracker.accounts.actions import reset_second_factor, tell_of_change
from mtd_tracker.accounts.models import User
from mtd_tracker.accounts.second_factor import second_factors
from mtd_tracker.administration import OffersOnly, ProvenFirst, site
from mtd_tracker.reauthentication import require_reauthentication

STANDING = ("is_active", "is_curator", "is_superuser")


class PersonCreationForm(AdminUserCreationForm):
    usable_password = AdminUserCreationForm.create_usable_password_field(
        "Disabled: nobody signs in until the person has asked for a link by “Forgot password?” and chosen a password."
    )

    class Meta:
        model = User
        fields = ("email", "name")


class PersonForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        fields = ("email", "password", "name", *STANDING)
        field_classes = {}
        help_texts = {
            "is_active": "Take this away instead of deleting somebody: what they recorded stays theirs.",
            "is_superuser": "Keeps people and organisations here. Sees no more initiatives for it.",
        }


@register(User, site=site)
class PersonAdmin(ProvenFirst, OffersOnly, UserAdmin):
    """Nobody is deleted: drafts and restricted records would be left without anyone who may open them.

    Who changes how somebody signs in proves once more who they are, and the person is told by mail.
    """

    form = PersonForm
    add_form = PersonCreationForm
    fieldsets = (
        (None, {"fields": ("email", "password", "name", *STANDING, "second_factor", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    readonly_fields = ("second_factor", "last_login", "date_joined")
    list_display = ("name", "email", *STANDING, "last_login")
    list_filter = STANDING
    search_fields = ("name", "email")
    ordering = ("name", "email")
    filter_horizontal = ()

    def has_delete_permission(self, request, obj=None):
        return False

    def user_change_password(self, request, id, form_url=""):  # Django's name of it
        if request.method == "POST":
            require_reauthentication(request)
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            person = get_object_or_404(User, pk=id)
            tell_of_change(person, address=person.email, what="password")
        return response

    def save_model(self, request, obj, form, change):
        if change and "email" in form.changed_data:
            tell_of_change(obj, address=form.initial["email"], what="address")
        obj.is_staff = obj.is_superuser  # these pages are for administrators alone
        super().save_model(request, obj, form, change)
        # allauth signs in by its own list of addresses too: a former one must not open the account any longer.
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()
        if not obj.is_active:
            self._name_organisations_without_manager(request, obj)

    def _name_organisations_without_manager(self, request, person):
        """Closing an account goes before all else; what it leaves behind is told."""
        for organisation in Organisation.objects.filter(memberships__user=person).without_manager():
            told = f"{organisation} has no active manager now. Open it here and invite one."
            self.message_user(request, told, messages.WARNING)

    @display(description="Second factor")
    def second_factor(self, person):
        if not second_factors(person).exists():
            return "None"
        address = reverse("admin:accounts_user_second_factor", args=[person.pk])
        return format_html('Set up. <a href="{}">Take it away, where the device is lost</a>', address)

    def get_urls(self):
        view = self.admin_site.admin_view(self.reset_second_factor)
        return [path("<int:pk>/second-factor/", view, name="accounts_user_second_factor"), *super().get_urls()]

    def reset_second_factor(self, request, pk):
        """Asked first, and only after the administrator has proved once more who they are."""
        person = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        require_reauthentication(request)
        if request.method == "POST":
            reset_second_factor(person, by=request.user)
            messages.success(request, f"{person} now signs in with the password alone, and was told by mail.")
            return redirect("admin:accounts_user_change", person.pk)
        context = {**self.admin_site.each_context(request), "person": person, "opts": self.opts}
        return TemplateResponse(request, "admin/accounts/second_factor.html", context | {"title": "Lost device"})
