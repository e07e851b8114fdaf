"""Who read what, for those who may know."""

from initiatives.models import Initiative, Reading, Sharing


def readings_of_organisation(organisation, user):
    """Of its organisation records; restricted ones are told of on a page of their own."""
    told = Reading.objects.visible_to(user).filter(initiative__sharing=Sharing.ORGANISATION)
    return told.filter(initiative__owner=organisation)


def readings_of_record(initiative, user):
    return Reading.objects.visible_to(user).filter(initiative=initiative)


def records_read(readings, user):
    """The records that these readings are of, by title."""
    read = readings.order_by().values("initiative")
    return Initiative.objects.visible_to(user).filter(pk__in=read).order_by("title", "pk")
