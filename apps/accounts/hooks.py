"""What the apps above tell accounts, and what they hear from it. Each is connected in AppConfig.ready."""

from apps.core.registry import Hook

#: (user_id) -> list[Held]: roles that follow from something else than a grant, such as a campus membership.
grant_sources = Hook("grant_sources")
#: (user_ids, roles) -> list[rights.Source]: the same for many people (None: everybody), of these roles, told with why.
role_sources = Hook("role_sources")
#: (user_id) -> list[Scope]: where a person belongs, so that a manager of that place may see them.
places_of_person = Hook("places_of_person")
#: (campus_ids) -> queryset of user ids: the people who belong to these campuses.
people_at_campuses = Hook("people_at_campuses")
#: (email) -> bool: whether this address may sign in with Microsoft. One False refuses; nobody connected allows.
email_domain_allowed = Hook("email_domain_allowed")
#: () -> list[(Scope, label)]: the places a role can be given at, besides the whole school.
scope_choices = Hook("scope_choices")
#: (actor, user, role, scope, now) -> bool: place an invited person; True when that replaces a grant.
invitation_accepted = Hook("invitation_accepted")
#: (actor, user_ids, status, now): people were suspended, reinstated or departed.
status_changed = Hook("status_changed")
#: (actor, binding, now): the school's Microsoft organisation was linked, or is being unlinked.
organisation_linked = Hook("organisation_linked")
organisation_unlinked = Hook("organisation_unlinked")
#: (actor, user_id) -> bool: whether this person is shown to the actor outside of the list of people (their manager).
shown_to = Hook("shown_to")
