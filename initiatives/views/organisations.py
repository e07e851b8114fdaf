def organisation_list(request, **kwargs):
    raise NotImplementedError


def organisation_new(request, **kwargs):
    raise NotImplementedError


def organisation_suggest(request, **kwargs):
    raise NotImplementedError


def organisation_detail(request, **kwargs):
    raise NotImplementedError


def organisation_edit(request, **kwargs):
    raise NotImplementedError


def organisation_confirm(request, **kwargs):
    raise NotImplementedError


def organisation_history(request, **kwargs):
    raise NotImplementedError
