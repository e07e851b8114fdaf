from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from mtd_tracker.forms import SiteForm

User = get_user_model()


class ReasonField(forms.CharField):
    def __init__(self, **options):
        widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
        super().__init__(**{"max_length": 1000, "widget": widget} | options)


class RecordErasureForm(SiteForm, forms.Form):
    reason = ReasonField(
        label="Why is it to be erased?", help_text="For the second person. It is erased together with the record."
    )


class AccountErasureForm(SiteForm, forms.Form):
    """Of one's own account; an administrator names any."""

    email = forms.EmailField(label="E-mail address of the account")
    reason = ReasonField(
        label="Why is it to be erased?", required=False, help_text="For the second person. It is erased afterwards."
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if user.is_superuser:
            self.initial.setdefault("email", user.email)
        else:
            del self.fields["email"]

    def clean_email(self):
        person = User.objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if person is None:
            raise ValidationError("Nobody signs in with this address. Check it among the people at /admin/.")
        self.user = person
        return person.email

    @property
    def person(self):
        """Whose account it is, once the form is valid."""
        return self.user
