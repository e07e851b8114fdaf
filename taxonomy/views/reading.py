def index(request, **kwargs):
    raise NotImplementedError


def schemes(request, **kwargs):
    raise NotImplementedError


def choose_lens(request, **kwargs):
    raise NotImplementedError


def track(request, **kwargs):
    raise NotImplementedError


def principle(request, **kwargs):
    raise NotImplementedError


def activity(request, **kwargs):
    raise NotImplementedError
