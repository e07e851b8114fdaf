"""A page as PDF, by WeasyPrint: an optional part, imported where it is used."""

from importlib.util import find_spec
from mimetypes import guess_type

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

HERE = "https://site.invalid"  # in front of our own addresses while a page is read; nothing is asked of any network
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
MISSING = (
    "This site makes no PDF, because a part of it is not installed. Print the report with your browser, which can "
    "save it as PDF too.\n\nFor whoever runs the site: “uv sync --extra pdf”, and on Debian "
    f"“apt install {PACKAGES}”; then restart."
)


class NoPdf(Exception):
    """WeasyPrint, or a library that it needs, is not installed."""


def is_offered():
    """Whether it is worth offering: WeasyPrint is there, if perhaps not its libraries."""
    return find_spec("weasyprint") is not None


def pdf_of(html):
    """A page of ours, with the site's own font, as bytes. Raises: NoPdf."""
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415  optional
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415  optional
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415  optional
    except (ImportError, OSError) as error:  # OSError: of a library that can't be loaded
        raise NoPdf(MISSING) from error

    class OwnFiles(URLFetcher):
        """Static files of this site, and nothing else: no network, no other file."""

        def fetch(self, url, headers=None):
            kind, _ = guess_type(url)  # a style sheet that doesn't say that it is one is left out
            return URLFetcherResponse(url, own_file(url), {"Content-Type": kind or "application/octet-stream"})

    fonts, fetcher = FontConfiguration(), OwnFiles()
    font = CSS(url=f"{HERE}{static('css/report-pdf.css')}", url_fetcher=fetcher, font_config=fonts)
    page = HTML(string=html, base_url=f"{HERE}/", url_fetcher=fetcher)
    return page.write_pdf(stylesheets=[font], font_config=fonts)


def own_file(url):
    """Content of a static file. Raises: ValueError for any other address."""
    prefix = f"{HERE}{settings.STATIC_URL}"
    name = url.removeprefix(prefix).partition("?")[0]
    if not url.startswith(prefix) or ".." in name or "%" in name:
        raise ValueError(f"Not a file of this site: {url}")
    found = finders.find(name)
    if found:
        with open(found, "rb") as file:
            return file.read()
    with staticfiles_storage.open(name) as file:  # by the name that collectstatic gave it
        return file.read()
