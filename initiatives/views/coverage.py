def compare(request, **kwargs):
    raise NotImplementedError


def conflict_coverage(request, **kwargs):
    raise NotImplementedError


def conflict_list(request, **kwargs):
    raise NotImplementedError
