"""The side menu: what an account has nothing in is not in its way."""

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.ids import new_id
from ymach.web.navigation import menu_for


def of(role: Role) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[role])
    return Actor(ActorKind.USER, str(new_id()), "Ai đó", (Grant(role.value, words, facility_id=new_id()),))


def titles(actor: Actor, *, is_counter: bool = False) -> list[str]:
    return [group.title.vi for group in menu_for(actor, "/today", is_counter=is_counter)]


def test_no_role_has_more_than_four_groups_or_one_of_more_than_eight() -> None:
    for role in Role:
        menu = menu_for(of(role), "/today")
        assert len(menu) <= 4
        assert all(len(group.links) <= 8 for group in menu)


def test_a_pharmacy_sees_its_counter_and_nothing_of_dossiers_it_never_sends() -> None:
    pharmacist = of(Role.FACILITY)
    assert "Hồ sơ đã gửi" in titles(pharmacist)
    assert "Hồ sơ đã gửi" not in titles(pharmacist, is_counter=True)
    links = [link.href for group in menu_for(pharmacist, "/dispensing", is_counter=True) for link in group.links]
    assert links[0] == "/dispensing"
    assert "/staff" in links
