def entry_new(request, **kwargs):
    raise NotImplementedError


def entry_edit(request, **kwargs):
    raise NotImplementedError


def entry_delete(request, **kwargs):
    raise NotImplementedError
