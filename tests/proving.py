import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value


def sign_in_and_prove(client, user):
    """Sign a person in who has just proved once more who they are: see mtd_tracker/reauthentication.py."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def give_app(user):
    """Set up an app for a person who has none. Shape: its secret, for `code_of`."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def give_recovery_codes(user):
    """Shape: [code]."""
    return RecoveryCodes.activate(user).generate_codes()


def code_of(secret, *, periods_ago=0):
    """What an app with this secret shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - periods_ago))
