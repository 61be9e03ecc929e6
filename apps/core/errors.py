"""Refusals a caller can understand. One class; subclasses live beside the service that raises them."""

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """What the outer doors translate: a machine code, a translated sentence that says what to do, an HTTP status."""

    code = "refused"
    status = 409

    def __init__(self, message: object, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


class DomainError(Refusal):
    """The domain says no. Doors may catch it and show it where it belongs, for example beside a form."""


class Forbidden(DomainError):
    """The person sees the thing but may not do this to it."""

    code = "forbidden"
    status = 403

    def __init__(self, permission: str = "", message: object = "") -> None:
        super().__init__(
            message or _("You do not have permission to do this. Ask an administrator of your school."),
            permission=permission,
        )


class NotWhileActing(Forbidden):
    """Somebody who acts for another, or as support, may not do what only the person themselves may."""

    code = "not-while-acting"

    def __init__(self) -> None:
        super().__init__(
            "", _("You are here in somebody else's name. Only they themselves may see or do this. Stop first.")
        )


class ReadOnly(Forbidden):
    """Somebody who only looks tried to change something."""

    code = "read-only"

    def __init__(self) -> None:
        super().__init__("", _("You are only looking: nothing can be changed from here. Stop first."))


class NotVisible(DomainError):
    """The thing does not exist, or not for this person: both look the same."""

    code = "not-found"
    status = 404

    def __init__(self, message: object = "") -> None:
        super().__init__(message or _("This does not exist, or you cannot see it."))


class Invalid(DomainError):
    """Input that cannot be accepted; `fields` maps a field name to its errors."""

    code = "invalid"
    status = 422

    def __init__(self, message: object = "", *, fields: dict[str, list[object]] | None = None) -> None:
        super().__init__(message or _("Some of the values need to be corrected."))
        self.fields = fields or {}


class StepUpRequired(Refusal):
    """The act is dangerous and the last proof of identity is too old: prove it again, then repeat the act.

    No DomainError, so that no form shows it as an error: apps.accounts asks for the proof and repeats the act.
    """

    code = "step-up-required"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Please confirm that it is you, then try again."))
