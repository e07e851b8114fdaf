import json


def json_of(response):
    """What it says, whether it was sent whole or in parts."""
    return json.loads(response.getvalue())
