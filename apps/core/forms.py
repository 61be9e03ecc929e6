"""What forms of all apps share."""

from django import forms

from .errors import Invalid


class ServiceForm(forms.Form):
    """A form that can show what a service refused."""

    def refuse(self, error: Invalid) -> None:
        for name, sentences in error.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, str(sentence))
        if not error.fields:
            self.add_error(None, str(error))
