from django.conf import settings


def test_a_comment_ends_on_its_line():
    """Over two lines, Django shows it to the reader."""
    templates = [path for path in (settings.BASE_DIR / "templates").rglob("*.*") if path.is_file()]
    assert templates
    for path in templates:
        for line in path.read_text().splitlines():
            assert line.count("{#") == line.count("#}"), f"{path}: {line}"
