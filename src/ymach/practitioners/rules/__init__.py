"""The rules of the practitioner registry, each a plain function named after what must hold; `check_…` raise.

`identity`, `licences`, `practice`, `heads`, `learning` refuse; `hours` warns; `states` answers; `findings` are the
sentences of warnings; `tables` the facts of the law that are data; `spans` months and sets of days.
"""

from ymach.practitioners.rules.spans import months_later

__all__ = ["months_later"]
