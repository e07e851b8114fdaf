def link_new(request, **kwargs):
    raise NotImplementedError


def link_delete(request, **kwargs):
    raise NotImplementedError
