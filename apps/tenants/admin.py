"""Django's admin on the platform's host: superadmins see every school, and change them through the services.

Nothing is written by the admin itself: adding, changing and the life of a school are forms of ours that call
one service each, so that every act is checked and audited. No school's data can be opened here.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.models import AuditEvent
from apps.audit.tables import csv_of
from apps.core.actor import Actor, Role
from apps.core.components.formats import size as size_in_words
from apps.core.errors import DomainError

from . import hosts, selectors
from .forms import BreakGlassForm, DetailsForm, NewSchoolForm, NothingForm, PersonForm, ReasonForm
from .models import FleetState, Host, JobRun, ProviderBinding, School
from .permissions import (
    BREAK_GLASS,
    CHANGE_SCHOOL,
    CHANGE_STATUS,
    CREATE_SCHOOL,
    INVITE_OWNER,
    LIFT_LOCKOUT,
    VIEW_SCHOOLS,
)
from .services import break_glass, details, lifecycle, provisioning

# accounts changes passwords, and nothing here links to pages of other sites
NOT_OFFERED = {"password_change", "password_change_done", "view_on_site", "autocomplete"}


class PlatformAdmin(admin.AdminSite):
    """For superadmins, who sign in on the platform's own page."""

    site_title = site_header = "Campanile"
    index_title = gettext_lazy("Platform")
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return Role.SUPERADMIN in request.actor.roles

    def get_urls(self) -> list[Any]:
        return [entry for entry in super().get_urls() if getattr(entry, "name", None) not in NOT_OFFERED]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not request.actor.is_anonymous and not self.has_permission(request):
            raise PermissionDenied
        onward = urlencode({"next": request.GET.get("next") or reverse("admin:index")})
        return redirect(f"{reverse('accounts:sign_in')}?{onward}")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return HttpResponseRedirect(reverse("accounts:sign_out"), preserve_request=True)

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list of tables, beside what happened last according to the audit trail."""
        recent = AuditEvent.objects.order_by("-at", "-id")[:10]
        return super().index(request, {"recent_events": recent, **(extra_context or {})})


site = PlatformAdmin(name="admin")


def actor_of(request: HttpRequest) -> Actor:
    return request.actor.through("admin")


def typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


class ReadOnly(admin.options.BaseModelAdmin):
    """Superadmins look; services write."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return VIEW_SCHOOLS.allows(request.actor)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return VIEW_SCHOOLS.allows(request.actor)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WithFile(ReadOnly, admin.ModelAdmin):
    """A list that can be taken away as CSV (UX-1), with its search and filters."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        asked = request.GET
        if not asked.get("csv"):
            return super().changelist_view(request, extra_context)
        if not self.has_view_permission(request):
            raise PermissionDenied
        without = asked.copy()  # Django takes a parameter it does not know for a filter
        del without["csv"]
        request.GET = without  # type: ignore[assignment]
        rows = self.get_changelist_instance(request).get_queryset(request)
        name, request.GET = str(self.model._meta.model_name), asked
        return csv_of(request, name, rows, {str(one): partial(self._cell, str(one)) for one in self.list_display}) or (
            redirect(request.path)
        )

    def _cell(self, name: str, row: Any) -> Any:
        return getattr(self, name)(row) if hasattr(self, name) else getattr(row, name)


class HostInline(ReadOnly, admin.TabularInline):
    model = Host
    fields = ("domain", "purpose", "state", "verified_at", "checked_at")
    extra = 0


class BindingInline(ReadOnly, admin.TabularInline):
    model = ProviderBinding
    fields = readonly_fields = ("provider", "name", "external_id", "is_live", "bound_at")
    extra = 0


@admin.register(School, site=site)
class SchoolAdmin(WithFile):
    list_display = (
        "name", "address", "status", "plan", "people", "last_activity", "storage", "failing", "tables", "created_at",
    )  # fmt: skip
    list_filter = ("status", "plan", "ready")
    search_fields = ("name", "slug", "owner_email")
    search_help_text = gettext_lazy("Name, short name or first owner's e-mail")
    ordering = ("name",)
    list_per_page = 25
    actions = None
    inlines = (HostInline, BindingInline)
    change_form_template = "admin/tenants/school/change_form.html"
    fieldsets = (
        (None, {"fields": ("name", "address", "status", "plan", "owner_email")}),
        (gettext_lazy("Use"), {"fields": ("people", "last_activity", "storage", "failing")}),
        (gettext_lazy("Language and currency"), {"fields": ("locale", "time_zone", "currency")}),
        (gettext_lazy("Tables"), {"fields": ("schema_name", "tables", "problem")}),
        (gettext_lazy("Dates"), {"fields": ("created_at", "owner_invited_at", "activated_at", "suspended_at")}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return CREATE_SCHOOL.allows(request.actor)

    def get_queryset(self, request: HttpRequest) -> QuerySet[School]:
        return selectors.with_schema_state(super().get_queryset(request))

    # --- columns

    @admin.display(description=gettext_lazy("Address"), ordering="slug")
    def address(self, school: School) -> str:
        return hosts.host_of(school.slug)

    @admin.display(description=gettext_lazy("People"))
    def people(self, school: School) -> Any:
        return selectors.remembered_figures_of(school).get("people", "–")

    @admin.display(description=gettext_lazy("Last activity"))
    def last_activity(self, school: School) -> Any:
        return selectors.remembered_figures_of(school).get("last_activity") or "–"

    @admin.display(description=gettext_lazy("Storage"))
    def storage(self, school: School) -> str:
        stored = selectors.remembered_figures_of(school).get("storage")
        return "–" if stored is None else size_in_words(stored)

    @admin.display(description=gettext_lazy("Failing jobs"))
    def failing(self, school: School) -> Any:
        """Directory runs and messages that failed: the school's own status page says what to do."""
        return selectors.remembered_figures_of(school).get("failing", "–")

    @admin.display(description=gettext_lazy("Tables"), ordering="ready")
    def tables(self, school: Any) -> str:
        if not school.schema_state:
            return _("Not created yet")
        if school.schema_state == FleetState.State.DONE and not school.ready:
            return _("Being prepared")
        return str(FleetState.State(school.schema_state).label)

    @admin.display(description=gettext_lazy("What went wrong"))
    def problem(self, school: Any) -> str:
        return school.schema_error or "–"

    # --- acts: one page and one service each

    def get_urls(self) -> list[URLPattern]:
        acts = {
            "details": self.details_view,
            "suspend": self.suspend_view,
            "resume": self.resume_view,
            "cancel": self.cancel_view,
            "resend-invitation": self.resend_view,
            "break-glass": self.break_glass_view,
            "lift-lockout": self.lift_lockout_view,
        }
        ours = [
            path(f"<uuid:school_id>/{act}/", self.admin_site.admin_view(view), name=f"tenants_school_{act}")
            for act, view in acts.items()
        ]
        return [*ours, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(
            request, {"title": str(self.opts.verbose_name_plural).capitalize(), **(extra_context or {})}
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST":  # "save as new" would lead to Django's own form for a new one
            raise PermissionDenied
        school = self.get_object(request, object_id)
        buttons = self.buttons(request.actor, school) if school else []
        return super().change_view(
            request, object_id, form_url, {"buttons": buttons, "title": _("School"), **(extra_context or {})}
        )

    @staticmethod
    def buttons(actor: Actor, school: School) -> list[tuple[str, str]]:
        """The acts that make sense for this school now, with the words on their buttons."""
        suspended = school.status == School.Status.SUSPENDED
        offered = [
            ("details", _("Change details"), CHANGE_SCHOOL.allows(actor)),
            (
                "resend-invitation",
                _("Send the invitation again"),
                INVITE_OWNER.allows(actor) and school.ready and school.status == School.Status.PENDING,
            ),
            ("break-glass", _("Break the glass"), BREAK_GLASS.allows(actor) and school.ready and school.is_open),
            ("lift-lockout", _("Unlock a sign-in"), LIFT_LOCKOUT.allows(actor) and school.ready and school.is_open),
            ("resume", _("Resume"), CHANGE_STATUS.allows(actor) and suspended),
            ("suspend", _("Suspend"), CHANGE_STATUS.allows(actor) and school.status in School.OPEN),
            (
                "cancel",
                _("Cancel the school"),
                CHANGE_STATUS.allows(actor) and school.status not in (School.Status.CANCELLED, School.Status.PURGED),
            ),
        ]
        return [
            (reverse(f"admin:tenants_school_{act}", args=[school.pk]), label) for act, label, shown in offered if shown
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        CREATE_SCHOOL.require(request.actor)

        def create(form: forms.Form) -> str:
            school = provisioning.provision_school(actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
            messages.success(
                request,
                _("%(name)s is at %(address)s; %(owner)s is invited.")
                % {"name": school.name, "address": hosts.school_url(school), "owner": school.owner_email},
            )
            return reverse("admin:tenants_school_change", args=[school.pk])

        return self.act_page(
            request, NewSchoolForm(typed(request)), create, title=_("Add a school"), submit=_("Create the school")
        )

    def details_view(self, request: HttpRequest, school_id: Any) -> HttpResponse:
        school = self.found(request, school_id)

        def change(form: forms.Form) -> str:
            details.change_school(actor=actor_of(request), school_id=school.pk, values=form.cleaned_data)
            messages.success(request, _("Saved."))
            return self.page_of(school)

        initial = {name: getattr(school, name) for name in details.CHANGEABLE}
        form = DetailsForm(typed(request), initial=initial)
        return self.act_page(
            request, form, change, title=_("Change details of %(name)s") % {"name": school}, school=school
        )

    def suspend_view(self, request: HttpRequest, school_id: Any) -> HttpResponse:
        return self.status_page(
            request,
            school_id,
            lifecycle.suspend,
            title=_("Suspend %(name)s"),
            submit=_("Suspend"),
            explanation=_("Nobody of the school can sign in until it is resumed. Its data stays."),
            done=_("%(name)s is suspended."),
        )

    def resume_view(self, request: HttpRequest, school_id: Any) -> HttpResponse:
        return self.status_page(
            request,
            school_id,
            lifecycle.resume,
            title=_("Resume %(name)s"),
            submit=_("Resume"),
            explanation=_("The school opens again as it was before it was suspended."),
            done=_("%(name)s is open again."),
        )

    def cancel_view(self, request: HttpRequest, school_id: Any) -> HttpResponse:
        return self.status_page(
            request,
            school_id,
            lifecycle.cancel,
            title=_("Cancel %(name)s"),
            submit=_("Cancel the school"),
            explanation=_(
                "The school leaves for good: nobody of it can sign in any more. Its data stays until it is purged."
            ),
            done=_("%(name)s is cancelled."),
        )

    def resend_view(self, request: HttpRequest, school_id: Any) -> HttpResponse:
        school = self.found(request, school_id)

        def resend(form: forms.Form) -> str:
            lifecycle.resend_invitation(actor=actor_of(request), school_id=school.pk, now=timezone.now())
            messages.success(request, _("%(owner)s has a new invitation.") % {"owner": school.owner_email})
            return self.page_of(school)

        return self.act_page(
            request,
            NothingForm(typed(request)),
            resend,
            title=_("Send the invitation again"),
            submit=_("Send"),
            explanation=_("%(owner)s gets a new link, valid for 48 hours. The previous link stops working.")
            % {"owner": school.owner_email},
            school=school,
        )

    def break_glass_view(self, request: HttpRequest, school_id: Any) -> HttpResponse:
        """The link is on the page that answers the form, and nowhere afterwards."""
        school = self.found(request, school_id)
        made: dict[str, str] = {}

        def make(form: forms.Form) -> str:
            made["url"] = service(actor=actor_of(request), school_id=school.pk, now=timezone.now(), **form.cleaned_data)
            return self.page_of(school)

        service = break_glass.break_glass
        answer = self.act_page(
            request,
            BreakGlassForm(typed(request)),
            make,
            title=_("Break the glass for %(name)s") % {"name": school},
            submit=_("Make the link"),
            explanation=_(
                "A single-use link, good for 15 minutes, lets an existing owner in without Microsoft for one hour. "
                "Every owner is told who asked for it and why. Make sure on another way that it is really them."
            ),
            school=school,
        )
        if not made:
            return answer
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Break the glass for %(name)s") % {"name": school},
            "school": school,
            "url": made["url"],
        }
        return TemplateResponse(request, "admin/tenants/school/break_glass.html", context)

    def lift_lockout_view(self, request: HttpRequest, school_id: Any) -> HttpResponse:
        school = self.found(request, school_id)

        def lift(form: forms.Form) -> str:
            locks = break_glass.lift_lockout(
                actor=actor_of(request), school_id=school.pk, now=timezone.now(), **form.cleaned_data
            )
            facts = {"email": form.cleaned_data["email"], "locks": locks}
            messages.success(request, _("%(email)s: locks opened: %(locks)s") % facts)
            return self.page_of(school)

        return self.act_page(
            request,
            PersonForm(typed(request)),
            lift,
            title=_("Unlock a sign-in at %(name)s") % {"name": school},
            submit=_("Unlock"),
            explanation=_(
                "Opens what is locked for one address after too many attempts. Whoever goes on trying locks it again. "
                "Administrators of the school can do it themselves."
            ),
            school=school,
        )

    def status_page(
        self,
        request: HttpRequest,
        school_id: Any,
        service: Callable[..., School],
        *,
        title: str,
        submit: str,
        explanation: str,
        done: str,
    ) -> HttpResponse:
        school = self.found(request, school_id)

        def change(form: forms.Form) -> str:
            reason = form.cleaned_data["reason"]
            service(actor=actor_of(request), school_id=school.pk, reason=reason, now=timezone.now())
            messages.success(request, done % {"name": school})
            return self.page_of(school)

        return self.act_page(
            request,
            ReasonForm(typed(request)),
            change,
            title=title % {"name": school},
            submit=submit,
            explanation=explanation,
            school=school,
        )

    def act_page(
        self,
        request: HttpRequest,
        form: Any,
        act: Callable[[forms.Form], str],
        *,
        title: str,
        submit: str = "",
        explanation: str = "",
        school: School | None = None,
    ) -> HttpResponse:
        """Show the form; on POST call `act`, which returns where to go. Refusals are shown at their fields."""
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    return redirect(act(form))
                except DomainError as refused:
                    status = refused.status
                    form.take(getattr(refused, "fields", None) or {"": [str(refused)]})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "submit": submit or _("Save"),
            "explanation": explanation,
            "school": school,
        }
        return TemplateResponse(request, "admin/tenants/school/act.html", context, status=status)

    def found(self, request: HttpRequest, school_id: Any) -> School:
        return selectors.get_school(actor=actor_of(request), school_id=school_id)

    @staticmethod
    def page_of(school: School) -> str:
        return reverse("admin:tenants_school_change", args=[school.pk])


@admin.register(FleetState, site=site)
class FleetStateAdmin(WithFile):
    list_display = ("schema", "state", "position", "changed_at", "error")
    list_filter = ("state",)
    search_fields = ("schema",)
    ordering = ("schema",)
    actions = None
    fields = ("schema", "state", "error", "position", "fingerprint", "changed_at")


@admin.register(JobRun, site=site)
class JobRunAdmin(WithFile):
    """What worked by the clock, in which school, with what outcome (INT-4)."""

    list_display = ("job", "school", "outcome", "started_at", "ended_at", "counts", "error")
    list_filter = ("outcome", "job")
    list_select_related = ("school",)
    search_fields = ("job", "school__name", "school__slug")
    ordering = ("-started_at",)
    actions = None
    fields = ("job", "school", "outcome", "started_at", "ended_at", "counts", "error", "job_id", "request_id")
