"""The list of what was erased, kept outside the database too: an old backup knows nothing of it.

One line each: kind, ref and when. The file named by ERASURES_FILE belongs with the backups, and is never restored
from an older copy.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.dispatch import receiver

from mtd_tracker.erasure.models import Kind, Tombstone
from mtd_tracker.refs import borne_before


@dataclass(frozen=True)
class Line:
    kind: str
    ref: UUID
    erased_at: datetime

    def __str__(self):
        return f"{self.kind} {self.ref} {self.erased_at.isoformat(timespec='seconds')}"

    @classmethod
    def parse(cls, text):
        """Raises: ValueError where it isn't one."""
        kind, ref, erased_at = text.split()
        moment = datetime.fromisoformat(erased_at)
        return cls(Kind(kind).value, UUID(ref), moment if moment.tzinfo else moment.replace(tzinfo=UTC))


@receiver(borne_before, dispatch_uid="tombstones")
def speaks_of(sender, ref, **_):
    """Whether a record of this ref was erased for good."""
    return Tombstone.objects.filter(kind=Kind.RECORD, ref=ref).exists()


def append(line):
    """Write it down for good: on the disk when this returns.

    Raises: ValidationError where that isn't possible, so that nothing is erased that could come back unnoticed.
    """
    path = Path(settings.ERASURES_FILE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{_line_break(descriptor)}{line}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _sync_folder(path.parent)
    except OSError as error:
        raise ValidationError(
            "The list of erasures can't be written just now, so nothing was erased. Tell whoever runs this site."
        ) from error


def _line_break(descriptor):
    """What a line cut off by a power cut lacks."""
    size = os.fstat(descriptor).st_size
    return "\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else ""


def _sync_folder(folder):
    """A new file survives a power cut only once its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read():
    """What the file says. Shape: ([Line], [number of a line that can't be read])."""
    path = Path(settings.ERASURES_FILE)
    texts = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    lines, unreadable = [], []
    for number, text in enumerate(texts, start=1):
        try:
            lines.append(Line.parse(text))
        except ValueError:
            if text.strip():
                unreadable.append(number)
    return lines, unreadable
