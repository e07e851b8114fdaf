from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect


def render_htmx(request, page, context, *, fragments, status=None):
    """Render the fragment that htmx is about to replace, else the whole page.

    fragments: element id -> template. The id is matched, rather than asking only "is this htmx?",
    so that boosted links and a restored history get the whole page.
    """
    response = render(request, fragments.get(request.htmx.target, page), context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def leave_for(request, address):
    """Redirect to another page; a page that asked for a fragment goes there as a whole, not into the fragment."""
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
