from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.admin import register
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from initiatives.models import Organisation
from mtd_tracker.accounts.models import User
from mtd_tracker.administration import OffersOnly, site

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
class PersonAdmin(OffersOnly, UserAdmin):
    """Nobody is deleted: drafts and restricted records would be left without anyone who may open them."""

    form = PersonForm
    add_form = PersonCreationForm
    fieldsets = ((None, {"fields": ("email", "password", "name", *STANDING, "last_login", "date_joined")}),)
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    readonly_fields = ("last_login", "date_joined")
    list_display = ("name", "email", *STANDING, "last_login")
    list_filter = STANDING
    search_fields = ("name", "email")
    ordering = ("name", "email")
    filter_horizontal = ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
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
