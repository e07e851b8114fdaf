"""Reports as PDF, made for real: `uv run --extra pdf pytest -m pdf`."""

import re
import zlib

import pytest

from initiatives.exchange import pdf
from tests.factories import make_initiative

pytestmark = pytest.mark.pdf


def held(content):
    """All that a PDF holds, its packed parts unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return content + b"".join(_unpacked(stream) for stream in streams)


def _unpacked(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.django_db
def test_a_report_is_a_pdf_in_the_sites_own_font(client, valley, tracks, alice, olga):
    make_initiative("Talks", by=alice, sharing="public", conflicts=[valley], tracks=[tracks["business"]])
    client.force_login(olga)
    response = client.get("/conflicts/valley/report.pdf?as=public")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="coverage-valley-public.pdf"'
    assert response.content.startswith(b"%PDF-")
    fonts = set(re.findall(rb"/BaseFont /([^\s/]+)", held(response.content)))
    assert fonts
    assert all(b"DejaVu" in font for font in fonts)


def test_a_page_makes_nobody_ask_another_site(monkeypatch):
    asked = []
    monkeypatch.setattr(pdf, "own_file", lambda url: asked.append(url) or b"")
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was made"))
    assert pdf.pdf_of('<img src="https://example.org/a.png"><img src="/static/img/icon.svg">').startswith(b"%PDF-")
    assert "https://example.org/a.png" in asked  # and own_file refuses it: see test_report.py
