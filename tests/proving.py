import time


def sign_in_and_prove(client, user):
    """Sign a person in who has just proved once more who they are: see mtd_tracker/reauthentication.py."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
