def conflict_new(request, **kwargs):
    raise NotImplementedError


def conflict_edit(request, **kwargs):
    raise NotImplementedError


def conflict_history(request, **kwargs):
    raise NotImplementedError
