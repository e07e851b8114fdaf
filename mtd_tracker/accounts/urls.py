"""Sign-in, from allauth; only what this site offers."""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path
from django.views.generic import RedirectView

from mtd_tracker.accounts import views as own
from mtd_tracker.accounts.waiting import waiting

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("login/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("logout/", views.logout, name="account_logout"),
    path("waiting/", waiting, name="account_waiting"),  # a form that was sent while signed out
    path("signup/", views.signup, name="account_signup"),  # closed: says how to get an account
    path("inactive/", views.account_inactive, name="account_inactive"),
    # proving once more who one is, by each way
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", own.prove_by_passkey, name="mfa_reauthenticate_webauthn"),
    # how one gets in
    path("security/", own.security, name="account_security"),
    path("security/", own.security, name="mfa_index"),  # where allauth goes back to, by these two names
    path("security/", own.security, name="mfa_list_webauthn"),
    path("security/needed/", own.second_factor, name="account_second_factor"),
    path("security/sessions/", own.sessions, name="account_sessions"),
    path("security/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("security/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/passkeys/new/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("security/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("security/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("password/change/", views.password_change, name="account_change_password"),
    # Where allauth sends a person without a password who asks to change it.
    path("password/set/", RedirectView.as_view(pattern_name="account_reset_password"), name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
