def home(request, **kwargs):
    raise NotImplementedError
