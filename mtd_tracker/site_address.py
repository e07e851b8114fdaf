"""Where the site stands, for commands that mail links to it: no request tells them."""

from django.conf import settings
from django.core.management.base import CommandError
from django.http.request import split_domain_port, validate_host

HOST_HELP = "the site's own host name, for the links (the first of ALLOWED_HOSTS)"


def own_host():
    """The first of ALLOWED_HOSTS; of one that stands for all its subdomains (".example.org"), the domain itself."""
    return next(iter(settings.ALLOWED_HOSTS), "").removeprefix(".")


def site_address(host=None):
    """Scheme and host, without a slash at the end. Raises: CommandError for a host that isn't the site's."""
    host = host or ("localhost:8000" if settings.DEBUG else own_host())
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        raise CommandError(f"“{host}” is not among ALLOWED_HOSTS, so its links would not open.")
    return f"{'http' if settings.DEBUG else 'https'}://{host}"
