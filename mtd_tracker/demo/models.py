from django.db import models


class DemoMark(models.Model):
    """Says that `manage.py demo` made this database, so that it may start there again."""

    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "demonstration mark"

    def __str__(self):
        return f"made {self.made_at:%Y-%m-%d}"
