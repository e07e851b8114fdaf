"""Reports as PDF, made for real: `uv run --extra pdf pytest -m pdf`."""

import os
import re
import subprocess
import sys
import zlib

import pytest

from initiatives.drawing.raster import FONTS
from initiatives.exchange import pdf
from initiatives.views import report
from tests.factories import make_initiative

pytestmark = pytest.mark.pdf


def held(content):
    """All that a PDF holds, its packed parts unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return content + b"".join(_unpacked(stream) for stream in streams)


def fonts_in(content):
    """Names of the families, as "ABCDEF+Family-Bold" holds them; the site's own one is called Report there."""
    return {name.partition(b"-")[0] for name in re.findall(rb"/BaseFont /[A-Z]+\+([^\s/]+)", held(content))}


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
    assert fonts_in(response.content) == {b"Report"}


@pytest.mark.django_db
def test_no_font_of_the_server_takes_its_place(client, valley, tracks, alice, monkeypatch, tmp_path):
    """Not where every font is installed that browsers are told to prefer: fonts of that name, and no others."""
    make_initiative("Talks", by=alice, sharing="public", conflicts=[valley], tracks=[tracks["business"]])
    pages = []
    monkeypatch.setattr(report, "pdf_of", lambda page: pages.append(page) or b"")
    client.force_login(alice)
    client.get("/conflicts/valley/report.pdf?as=public")
    made = subprocess.run(
        [sys.executable, "-c", MAKE],
        input=pages[0].encode(),
        env=os.environ | {"FONTCONFIG_FILE": str(another_font(tmp_path))},
        capture_output=True,
        check=True,
    )
    assert fonts_in(made.stdout) == {b"Report"}


@pytest.mark.django_db
@pytest.mark.parametrize(("carried", "years"), [(4, 40), (5, 32)])
def test_the_table_of_years_leaves_no_few_rows_alone_on_a_page(
    client, valley, tracks, alice, monkeypatch, carried, years
):
    """Were it cut where a page is full, it would begin with three rows, or end with two."""
    on = [*tracks.values()][:carried]
    make_initiative(sharing="public", conflicts=[valley], tracks=on, start=str(2026 - years), end="2025")
    laid_out = laid_out_by(monkeypatch)
    client.force_login(alice)
    client.get("/conflicts/valley/report.pdf?as=public&as_of=2025-12-31")
    rows = [number for page in laid_out[0].pages if (number := rows_of_years(page))]
    assert sum(rows) == years
    assert min(rows) >= 4


def laid_out_by(monkeypatch):
    """WeasyPrint's documents, as they are made."""
    from weasyprint.document import Document  # noqa: PLC0415  optional

    documents, write = [], Document.write_pdf
    monkeypatch.setattr(
        Document,
        "write_pdf",
        lambda document, *args, **more: documents.append(document) or write(document, *args, **more),
    )
    return documents


def rows_of_years(page):
    """How many rows of the table of years, but its header, stand on a page."""
    boxes = [box for box in page._page_box.descendants() if box.element is not None]
    tables = [box for box in boxes if box.element_tag == "table" and box.element.get("class") == "years"]
    rows = {id(row.element) for table in tables for row in table.descendants() if row.element_tag == "tr"}
    return len(rows) - 1 if rows else 0


MAKE = """
import sys, django
django.setup()
from initiatives.exchange.pdf import pdf_of
sys.stdout.buffer.write(pdf_of(sys.stdin.read()))
"""
CONFIGURED = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{here}</dir><cachedir>{here}/cache</cachedir>{aliases}</fontconfig>"""
ALIAS = "<alias binding='same'><family>{family}</family><prefer><family>Noto Sans</family></prefer></alias>"


def another_font(folder):
    """A font that answers to the names in the site's style sheets. Shape: path of a configuration of fontconfig."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  comes with WeasyPrint, which is optional

    font = TTFont(FONTS / "DejaVuSans.ttf")
    for number, name in ((1, "Noto Sans"), (4, "Noto Sans"), (6, "NotoSans"), (16, "Noto Sans")):
        font["name"].setName(name, number, 3, 1, 0x409)
    font.save(folder / "another.ttf")
    aliases = "".join(ALIAS.format(family=family) for family in ("system-ui", "sans-serif", "serif", "monospace"))
    configuration = folder / "fonts.conf"
    configuration.write_text(CONFIGURED.format(here=folder, aliases=aliases))
    return configuration


def test_a_page_makes_nobody_ask_another_site(monkeypatch):
    asked = []
    monkeypatch.setattr(pdf, "own_file", lambda url: asked.append(url) or b"")
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was made"))
    assert pdf.pdf_of('<img src="https://example.org/a.png"><img src="/static/img/icon.svg">').startswith(b"%PDF-")
    assert "https://example.org/a.png" in asked  # and own_file refuses it: see test_report.py
