"""The forms that a page holds, read as a browser reads them, so that a test can send them back changed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag

WITHOUT_VALUE = ("submit", "button", "image", "reset", "file")


@dataclass
class PageForm:
    """action: empty for the page's own address. values: {name: [value]}, as an unchanged form would be sent.
    typed: names of fields into which a person types. buttons: {name: [value]} of those that send it."""

    action: str
    method: str
    values: dict = field(default_factory=dict)
    typed: set = field(default_factory=set)
    buttons: dict = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms, self.form, self.textarea, self.select = [], None, None, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            action = urldefrag(attributes.get("action") or "").url  # what follows stays in the browser
            self.form = PageForm(action, (attributes.get("method") or "get").lower())
            self.forms.append(self.form)
        elif self.form is not None:
            getattr(self, f"_{tag}", lambda attributes: None)(attributes)

    def _input(self, attributes):
        name, kind = attributes.get("name"), attributes.get("type", "text")
        if not name or kind in WITHOUT_VALUE:
            return self._button(attributes) if kind == "submit" else None
        self.form.values.setdefault(name, [])
        if kind not in ("checkbox", "radio") or "checked" in attributes:
            self.form.values[name].append(attributes.get("value") or "")
        if kind not in ("checkbox", "radio", "hidden"):
            self.form.typed.add(name)

    def _button(self, attributes):
        if attributes.get("name"):
            self.form.buttons.setdefault(attributes["name"], []).append(attributes.get("value") or "")

    def _textarea(self, attributes):
        self.textarea = attributes.get("name")
        if self.textarea:
            self.form.values.setdefault(self.textarea, []).append("")
            self.form.typed.add(self.textarea)

    def _select(self, attributes):
        self.select = attributes.get("name")
        self.form.values.setdefault(self.select, [])

    def _option(self, attributes):
        if self.select and "selected" in attributes:
            self.form.values[self.select].append(attributes.get("value") or "")

    def handle_data(self, text):
        if self.textarea and self.form is not None:
            self.form.values[self.textarea][-1] += text

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.form = None


def forms_of(response):
    """Shape: [PageForm], in the order of the page."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.forms
