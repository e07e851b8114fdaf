"""A record as it stood at an earlier version: put together from the history, and kept in memory alone."""

from reversion.errors import RevertError
from reversion.models import Version


def as_it_was(record, number, *, versions=None, parts=(), among=None):
    """The record at version `number`, for whatever reads a record; None where the history doesn't hold that version.

    versions: those that this reader may look into, all of the record's unless given. parts: names of what hangs on
    the record and was kept with it. among: {model: QuerySet}, what parts may refer to; what refers to anything else,
    or to what is no longer there, is left out.
    Queries: two, and one for each foreign key of the parts.
    """
    if number is None:
        return None
    try:
        return _read(
            record, number, Version.objects.get_for_object(record) if versions is None else versions, parts, among
        )
    except RevertError:  # kept by a release that wrote it down otherwise
        return None


def _read(record, number, versions, parts, among):
    likely = versions.filter(serialized_data__contains=f'"version": {number}')
    version = next((version for version in likely if version.field_dict.get("version") == number), None)
    if version is None:
        return None
    past = _instance(type(record), version.field_dict)
    for field in past._meta.many_to_many:
        if field.name in version.field_dict:
            keys = version.field_dict[field.name]
            _hold(past, field.name, list(field.related_model._base_manager.filter(pk__in=keys)))
    held = list(version.revision.version_set.all())
    for name in parts:
        _hold(past, name, _rows(past, past._meta.get_field(name), held, among or {}))
    return past


def _instance(model, values):
    concrete = {field.attname for field in model._meta.concrete_fields}
    instance = model(**{name: value for name, value in values.items() if name in concrete})
    instance._state.adding = False
    return instance


def _rows(past, relation, held, among):
    """The parts of one kind, with what they refer to."""
    model, owner = relation.related_model, relation.field
    rows = [_instance(model, version.field_dict) for version in held if version._model is model]
    rows = [row for row in rows if getattr(row, owner.attname) == past.pk]
    for field in model._meta.concrete_fields:
        if field is owner:
            for row in rows:
                setattr(row, field.name, past)
        elif field.is_relation:
            other = field.related_model
            keys = {getattr(row, field.attname) for row in rows}
            found = among.get(other, other._base_manager).filter(pk__in=keys).in_bulk() if keys else {}
            rows = [row for row in rows if getattr(row, field.attname) in found]
            for row in rows:
                setattr(row, field.name, found[getattr(row, field.attname)])
    return sorted(rows, key=lambda row: row.pk)


def _hold(past, name, rows):
    """Let `past.<name>.all()` give these rows, as if they had been prefetched."""
    related = getattr(past, name).get_queryset()
    related._result_cache, related._prefetch_done = rows, True
    past.__dict__.setdefault("_prefetched_objects_cache", {})[name] = related
