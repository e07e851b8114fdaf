def term_new(request, **kwargs):
    raise NotImplementedError


def term_order(request, **kwargs):
    raise NotImplementedError


def term_edit(request, **kwargs):
    raise NotImplementedError


def term_retire(request, **kwargs):
    raise NotImplementedError


def term_restore(request, **kwargs):
    raise NotImplementedError


def term_history(request, **kwargs):
    raise NotImplementedError
