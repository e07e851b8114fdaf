def initiative_delete(request, **kwargs):
    raise NotImplementedError


def initiative_mark(request, **kwargs):
    raise NotImplementedError
