"""Back to the page from which a form in the header or the footer was sent."""

from django.utils.http import url_has_allowed_host_and_scheme


def page_before(request, *, otherwise):
    """The address sent as `next`, where it is one of this site's; else the other one."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    known = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if known and target.startswith("/") else otherwise
