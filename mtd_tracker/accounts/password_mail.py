from allauth.account.forms import ResetPasswordForm
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory


def send_password_mail(user, *, host, secure):
    """The mail of "Forgot password", from a command, where no request says at which address the site is."""
    request = RequestFactory().get("/", headers={"host": host}, secure=secure)
    request.user = AnonymousUser()
    with request_context(request):
        form = ResetPasswordForm({"email": user.email})
        form.full_clean()
        form.save(request)
