def export_csv(request, **kwargs):
    raise NotImplementedError


def export_json(request, **kwargs):
    raise NotImplementedError
