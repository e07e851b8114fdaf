"""Data files in TOML, read key by key: every fault is noted with its place, so that all can be put right at once."""

import difflib
import tomllib
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

KINDS = {str: "text in quotes", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}


class FaultyFile(Exception):
    """A data file that can't be loaded. `faults`: one line each, with its place."""

    def __init__(self, path, faults):
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__("\n  ".join([f"{path}: {count}, so nothing was loaded.", *faults]))
        self.faults = faults


@contextmanager
def reading(path):
    """Yield the file's outermost Entry; on leaving, refuse the file if anything was wrong.

    Raises: FaultyFile, for a file that is no TOML too.
    """
    faults = []
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FaultyFile(path, [str(error)]) from error
    file = Entry(values, "", faults)
    yield file
    file.refuse_rest()
    if faults:
        raise FaultyFile(path, faults)


class Entry:
    """One table of the file. A reader whose value won't do notes a fault and answers as if nothing stood there."""

    def __init__(self, values, place, faults):
        self.values, self.place, self.faults = values, place, faults
        self._read, self._faulty = set(), set()

    def fault(self, key, message):
        self._faulty.add(key)
        self.faults.append(f"{self.place}.{key}: {message}".removeprefix("."))

    def is_faulty(self, key):
        return key in self._faulty

    def refuse_rest(self):
        """Whatever nobody read is a slip of the pen, or belongs to another format."""
        for key in self.values:
            if key not in self._read:
                self.fault(key, "is unknown here." + _suggestion(key, self._read))

    def text(self, key, *, required=False):
        text = self._take(key, str, required)
        if required and text is not None and not text.strip():
            self.fault(key, "is empty.")
        return self._printable(key, text or "")

    def texts(self, key):
        items = self._take(key, list) or []
        if not all(isinstance(item, str) for item in items):
            self.fault(key, "should hold texts in quotes, and nothing else.")
            return []
        return [self._printable(key, item) for item in items]

    def number(self, key, *, required=False):
        return self._take(key, int, required)

    def flag(self, key):
        return self._take(key, bool) or False

    def parsed(self, key, parse, *, required=False):
        """What `parse` makes of the text; None where there is none. A ValidationError is a fault."""
        text = self.text(key, required=required)
        try:
            return parse(text) if text else None
        except ValidationError as error:
            self.fault(key, f"“{text}”: {' '.join(error.messages)}")
            return None

    def one_of(self, key, options, *, required=False):
        """The option of this code. options: {code: anything}."""
        code = self.text(key, required=required)
        return self._option(key, code, options) if code else None

    def many_of(self, key, options):
        codes = self.texts(key)
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.fault(key, f"“{code}” is listed twice.")
        return [option for code in codes if (option := self._option(key, code, options)) is not None]

    def entries(self, key, *, named="code"):
        """Each table under this key; `named` is the field that tells them apart, None where nothing does."""
        tables = []
        for number, values in enumerate(self._take(key, list) or [], start=1):
            if isinstance(values, dict):
                tables.append((number, values))
            else:
                self.fault(f"{key}[{number}]", "should be a table.")
        for entry in self._named(key, tables, named):
            yield entry
            entry.refuse_rest()

    def rows(self, key, columns, *, named=None):
        """Each short list under this key, as an Entry with these columns."""
        tables = []
        for number, values in enumerate(self._take(key, list) or [], start=1):
            if isinstance(values, list) and len(values) == len(columns):
                tables.append((number, dict(zip(columns, values, strict=True))))
            else:
                self._faulty.add(key)
                self.fault(f"{key}[{number}]", f"should be a list of {len(columns)}: {', '.join(columns)}.")
        return self._named(key, tables, named)

    def table(self, key):
        return Entry(self._take(key, dict) or {}, f"{self.place}.{key}".removeprefix("."), self.faults)

    def check(self, record, *, leave=()):
        """Note what the model itself finds wrong with an unsaved record. leave: fields not filled yet."""
        try:
            record.full_clean(exclude=leave)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                if name == NON_FIELD_ERRORS:
                    self.faults.append(f"{self.place}: {' '.join(messages)}".removeprefix(": "))
                elif not self.is_faulty(name):
                    self.fault(name, " ".join(messages))

    def _named(self, key, tables, named):
        """An Entry for each (number, values), called by its name in its place; a name used twice is a fault."""
        names = set()
        for number, values in tables:
            name = values.get(named) if named else None
            called = f' "{name}"' if isinstance(name, str) else ""
            entry = Entry(values, f"{self.place}.{key}[{number}]{called}".removeprefix("."), self.faults)
            if called and name in names:
                entry.fault(named, "is used twice.")
            names.add(name if called else None)
            yield entry
            if entry._faulty:
                self._faulty.add(key)

    def _take(self, key, kind, required=False):
        self._read.add(key)
        if key not in self.values:
            if required:
                self.fault(key, "is missing.")
            return None
        value = self.values[key]
        if type(value) is not kind:
            self.fault(key, f"should be {KINDS[kind]}.")
            return None
        return value

    def _printable(self, key, text):
        if "\x00" in text:
            self.fault(key, "holds a NUL character.")
            return ""
        return text

    def _option(self, key, code, options):
        if code not in options:
            self.fault(key, f"“{code}” is unknown." + _suggestion(code, options))
        return options.get(code)


def codes_of(choices):
    """The codes of a field's choices, as options to read one of."""
    return {value: value for value in choices.values}


def _suggestion(word, words):
    close = difflib.get_close_matches(word, sorted(words), n=1)
    return f" Is it “{close[0]}”?" if close else ""
