"""Writing practitioners, licences, registrations and what belongs to a profile.

Days are Vietnamese, `at` is aware; `by` and `at` go into the history. seen: the revision of the profile a form was
filled in from; every action moves it on, and raises Conflict when somebody else has changed the profile since. All
raise NotAllowed as `practitioners.access` says.
"""

from ymach.practitioners.actions.bans import ban_practitioner, end_ban
from ymach.practitioners.actions.identity import (
    confirm_profile,
    correct_identity,
    edit_contact,
    edit_languages,
    enrol_practitioner,
)
from ymach.practitioners.actions.learning import (
    add_cme,
    add_diploma,
    end_supervision,
    supervise,
    verify_cme,
    verify_diploma,
)
from ymach.practitioners.actions.licences import change_licence, convert_licence, grant_licence
from ymach.practitioners.actions.practice import (
    PracticeDetails,
    alter_practice,
    end_practice,
    publish_practice,
    register_practice,
)
from ymach.practitioners.actions.stops import confirm_return, lift_suspension, revoke_licence, suspend_licence
from ymach.practitioners.actions.techniques import assign_technique, end_technique

__all__ = [
    "PracticeDetails",
    "add_cme",
    "add_diploma",
    "alter_practice",
    "assign_technique",
    "ban_practitioner",
    "change_licence",
    "confirm_profile",
    "confirm_return",
    "convert_licence",
    "correct_identity",
    "edit_contact",
    "edit_languages",
    "end_ban",
    "end_practice",
    "end_supervision",
    "end_technique",
    "enrol_practitioner",
    "grant_licence",
    "lift_suspension",
    "publish_practice",
    "register_practice",
    "revoke_licence",
    "supervise",
    "suspend_licence",
    "verify_cme",
    "verify_diploma",
]
