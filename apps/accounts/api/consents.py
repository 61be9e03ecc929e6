"""What people are asked to agree to: purposes with their figures, and the versions of each text."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Input, Moment, Output, Paging, Text
from apps.core.api.operations import Call, operation
from apps.core.api.paging import envelope, page_of, page_type
from apps.core.errors import NotVisible

from ..permissions import CONSENTS_MANAGE
from ..services import consents as services

TAG = "Consents"
WORDS = {
    "title_fr": "Droit à l’image", "title_en": "Use of pictures",
    "body_fr": "Des photos de la vie de l’école…", "body_en": "Pictures of life at school…",
}  # fmt: skip


class ConsentPurposeOut(Output):
    """What people are asked about, and how many active people said what."""

    purpose = serializers.CharField(source="purpose.code")
    label: Any = serializers.CharField(source="purpose.label")
    required: Any = serializers.BooleanField(source="purpose.required", help_text="A notice: there is no “no” to it.")
    version = serializers.IntegerField(
        source="text.version", allow_null=True, default=None, help_text="The latest; null: no text is published."
    )
    given = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="For a guardian.")
    outdated = serializers.IntegerField(help_text="Answers to an earlier version.")
    silent = serializers.IntegerField()


class ConsentTextOut(Output):
    """One version of a text. Published once, never changed."""

    purpose = serializers.CharField()
    version = serializers.IntegerField()
    title_fr = serializers.CharField()
    title_en = serializers.CharField()
    body_fr = serializers.CharField()
    body_en = serializers.CharField()
    published_at = Moment()
    published_by = serializers.CharField()


class ConsentTextInput(Input):
    title_fr = Text(max_length=200)
    title_en = Text(max_length=200)
    body_fr = Text(max_length=20_000)
    body_en = Text(max_length=20_000)


class PurposesView(ApiView):
    tag = TAG

    @operation("list_consent_purposes", "What people are asked about", answer=page_type(ConsentPurposeOut))
    def get(self, call: Call) -> Any:
        """Every purpose on one page."""
        return envelope(services.figures(actor=call.actor))


class TextsView(ApiView):
    tag = TAG

    @operation("list_consent_texts", "Versions of a text", query=Paging, answer=page_type(ConsentTextOut))
    def get(self, call: Call, purpose: str) -> Any:
        """The latest first."""
        return page_of(services.versions_of(actor=call.actor, purpose=purpose), call.query, ("-version", "-id"))

    @operation(
        "publish_consent_text", "Publish a new version", body=ConsentTextInput, answer=ConsentTextOut, status=201,
        example=WORDS,
    )  # fmt: skip
    def post(self, call: Call, purpose: str) -> Any:
        """Everybody is asked about it at the next sign-in. It cannot be changed any more."""
        made = services.publish_text(
            actor=call.actor, school_id=call.request.school.pk, purpose=purpose, words=call.body, now=call.now
        )
        call.created(reverse("accounts_api:consent_text", args=[purpose, made.version]))
        return made


class TextView(ApiView):
    tag = TAG

    @operation("get_consent_text", "One version of a text", answer=ConsentTextOut, versioned=True)
    def get(self, call: Call, purpose: str, version: int) -> Any:
        """As it was published."""
        found = services.versions_of(actor=call.actor, purpose=purpose).filter(version=version).first()
        if found is None:
            raise NotVisible
        return found


purpose_list = api_requires(CONSENTS_MANAGE)(PurposesView)
texts = api_requires(CONSENTS_MANAGE)(TextsView)
text = api_requires(CONSENTS_MANAGE)(TextView)
