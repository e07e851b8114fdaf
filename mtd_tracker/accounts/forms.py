"""allauth's forms in the site's look and words; see ACCOUNT_FORMS in the settings."""

import time

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.conf import settings

from mtd_tracker.accounts.models import User
from mtd_tracker.forms import SiteForm

HOW_TO_CHOOSE = (
    "At least 15 characters. A few unrelated words are easy to remember and hard to guess. "
    "Not your name or address, and not a password that many people use."
)


class AccountForm(SiteForm):
    """Mixin: labels say it; a placeholder that repeats them would vanish while typing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(AccountForm, LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""  # the way to a new password stands below the form
        self.fields["remember"].label = "Stay signed in on this device"


class ProveItForm(AccountForm, ReauthenticateForm):
    """The password once more, before a change that opens something to others."""


class AskForResetForm(AccountForm, ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address"

    def save(self, request, **kwargs):
        """Takes a whole number of RESET_STEP: a link for somebody takes longer to make than a mail for nobody."""
        begun = time.monotonic()
        email = super().save(request, **kwargs)
        if settings.RESET_STEP:
            time.sleep(settings.RESET_STEP - (time.monotonic() - begun) % settings.RESET_STEP)
        return email


class NewPasswordForm(AccountForm, ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_new_password(self)


class OtherPasswordForm(AccountForm, ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Password until now"
        self.fields["oldpassword"].help_text = ""  # as in signing in
        _name_new_password(self)


class NewAccountForm(AccountForm, SetPasswordForm):
    """Name and password of somebody who was invited. The address is the invitation's, whatever is sent."""

    name = forms.CharField(
        label="Your name",
        max_length=150,
        help_text="As colleagues know you.",
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    field_order = ("name", "password1", "password2")

    def __init__(self, *args, email, **kwargs):
        super().__init__(User(email=email), *args, **kwargs)
        _name_new_password(self)
        self.fields["password1"].label = "Password"
        self.fields["password2"].label = "Password, once more"

    def clean_name(self):
        self.user.name = self.cleaned_data["name"]  # a password must not be much like it
        return self.user.name


def _name_new_password(form):
    form.fields["password1"].label = "New password"
    form.fields["password1"].help_text = HOW_TO_CHOOSE
    form.fields["password2"].label = "New password, once more"
