import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.management.utils import get_random_secret_key


def development_secret_key(path: Path) -> str:
    """A random key kept in `path`, made on the first run, so that a restart signs nobody out.

    Of several processes that begin at once each gets the same: the file appears with all that it holds.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent) as file:  # nobody else may read it
            file.write(get_random_secret_key())
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()
