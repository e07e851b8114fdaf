"""What reaches the log of a request."""

import logging


class RoutesAlone(logging.Filter):
    """In place of a request's path, the pattern of its address: paths hold links that open something by themselves,
    such as an invitation's, and say which record somebody asked for."""

    def filter(self, record):
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            match = request.resolver_match
            told = f"/{match.route}" if match else "an address that is none"
            record.args = tuple(told if str(arg).startswith("/") else arg for arg in record.args)
        return True
