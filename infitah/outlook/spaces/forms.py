from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import LocalizedFormField, Upload, key


class Publication(forms.Form):
    """A document and what it is called."""

    key = key()
    title = LocalizedFormField(label=_("What the document is called"), max_length=200)
    file = Upload(label=_("Document"), help_text=_("PDF, photo or office file, 10 MB at most."))
