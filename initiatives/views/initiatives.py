def initiative_list(request, **kwargs):
    raise NotImplementedError


def initiative_detail(request, **kwargs):
    raise NotImplementedError


def initiative_history(request, **kwargs):
    raise NotImplementedError
