"""News of the platform for the apps above."""

from apps.core.registry import Hook

# school=School, actor=Actor, now=datetime: a new school has its tables. Sent inside the school, in the transaction
# that opens it; receivers add base data and invite the first owner (school.owner_email).
school_provisioned = Hook("school_provisioned")

# school=School, actor=Actor, now=datetime: the first owner lost the invitation. Sent inside the school.
owner_invitation_wanted = Hook("owner_invitation_wanted")

# school=School, actor=Actor, email, reason, now=datetime -> the address of a single-use link for an existing owner.
# Sent inside the school, in the transaction that writes it down.
break_glass_wanted = Hook("break_glass_wanted")

# actor=Actor, email, reason, now=datetime -> how many locks of this address were opened. Sent inside the school.
lockout_lift_wanted = Hook("lockout_lift_wanted")

# (school=School) -> dict of figures for the platform's list: people, last activity, bytes stored; `failing` counts jobs
# that did not do their work and wait for somebody. Sent inside the school.
school_figures = Hook("school_figures")

# task=name, outcome="done"|"failed"|"put back", seconds=float, school=Tenancy: a job ended. Sent inside its school (or
# the platform); a receiver must not raise.
job_ended = Hook("job_ended")
