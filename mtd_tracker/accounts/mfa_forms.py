"""allauth's forms of the second factor in the site's look and words; see MFA_FORMS in the settings."""

import json

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.base import forms as base
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.validators import MaxLengthValidator

from mtd_tracker.accounts.forms import AccountForm

REFUSED = "This passkey was not accepted. Try again, or use another way."
UNREADABLE = (TypeError, ValueError, LookupError, AttributeError, RecursionError)  # what fido2 raises of it


def use_up(user, code):
    """Whether this is the first time that the person's code is used, within the time for which it is right."""
    lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return cache.add(f"second-factor-code:{user.pk}:{normalize_user_code(code)}", True, timeout=lasts)


def _at_most(length, field):
    field.validators.append(MaxLengthValidator(length))
    field.widget.attrs["maxlength"] = length


class CodeForm(AccountForm):
    """Mixin: a code, good for one use. allauth forgets it after one period, though it is right for three."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        _at_most(40, self.fields["code"])
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}

    def clean_code(self):
        code = super().clean_code()
        if not use_up(self.user, code):
            raise base.get_adapter().validation_error("incorrect_code")
        return code


class SignInCodeForm(CodeForm, base.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Six digits from your app, or one of your recovery codes."
        self.fields["code"].widget.attrs["autofocus"] = True


class ProveByCodeForm(CodeForm, base.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Six digits from your app, or one of your recovery codes."


class SetUpAppForm(CodeForm, totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Six digits, which the app shows once it knows the site."


class RemoveAppForm(AccountForm, totp.DeactivateTOTPForm):
    pass


class NewRecoveryCodesForm(AccountForm, GenerateRecoveryCodesForm):
    pass


class NoLengths(json.JSONDecoder):
    """Refuses numbers that name no algorithm: where fido2 expects bytes, it makes so many of a number."""

    def __init__(self, **options):
        super().__init__(parse_int=_algorithm, **options)


def _algorithm(digits):
    """Source: RFC 9053, whose identifiers of algorithms have at most 16 bits."""
    if len(digits) > 6 or abs(int(digits)) > 65_536:
        raise forms.ValidationError(REFUSED)
    return int(digits)


class CredentialField(forms.JSONField):
    """What a browser says of a passkey. A NUL in it, which PostgreSQL can't store, is no passkey's."""

    def __init__(self, **options):
        super().__init__(decoder=NoLengths, **options)

    def to_python(self, value):
        if len(value or "") > 20_000 or "\\u0000" in (value or ""):
            raise forms.ValidationError(REFUSED)
        try:
            said = super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError(REFUSED) from error
        if not isinstance(said, (dict, type(None))):  # allauth would keep a bare `true` as a passkey
            raise forms.ValidationError(REFUSED)
        return said


class PasskeyForm(AccountForm):
    """Mixin: whatever is wrong with what the browser sent is an error of the form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "credential" in self.fields:
            errors = dict.fromkeys(("required", "invalid"), REFUSED)
            self.fields["credential"] = CredentialField(widget=forms.HiddenInput, error_messages=errors)

    def _checked(self, check):
        try:
            return check()
        except forms.ValidationError as error:
            raise forms.ValidationError(REFUSED if error.code == "incorrect_code" else error.messages) from error
        except UNREADABLE as error:
            raise forms.ValidationError(REFUSED) from error


class AddPasskeyForm(PasskeyForm, webauthn.AddWebAuthnForm):
    field_order = ("name", "passwordless")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "What you call it"
        _at_most(60, self.fields["name"])
        self.fields["name"].help_text = "So that you know it again: “my phone”, “the blue key”."
        self.fields["passwordless"].label = "Sign in with it alone, without the password"
        self.fields["passwordless"].initial = True
        self.fields[
            "passwordless"
        ].help_text = "It must then ask for your finger, your face or a PIN. Leave it out for a plain key that can't."

    def clean(self):
        return self._checked(super().clean)


class RenamePasskeyForm(AccountForm, webauthn.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "What you call it"
        _at_most(60, self.fields["name"])


class UsedPasskeyForm(PasskeyForm):
    def clean_credential(self):
        return self._checked(super().clean_credential)


class SignInSecondPasskeyForm(UsedPasskeyForm, webauthn.AuthenticateWebAuthnForm):
    pass


class SignInPasskeyForm(UsedPasskeyForm, webauthn.LoginWebAuthnForm):
    pass


class ProveByPasskeyForm(UsedPasskeyForm, webauthn.ReauthenticateWebAuthnForm):
    pass
