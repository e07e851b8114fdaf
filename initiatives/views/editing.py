def initiative_new(request, **kwargs):
    raise NotImplementedError


def similar_initiatives(request, **kwargs):
    raise NotImplementedError


def initiative_edit(request, **kwargs):
    raise NotImplementedError
