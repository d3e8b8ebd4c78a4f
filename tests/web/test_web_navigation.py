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


def unfolded(remembered: str = "", path: str = "/today") -> list[str]:
    return [group.key for group in menu_for(of(Role.FACILITY), path, remembered=remembered) if group.is_open]


def test_no_role_sees_more_than_twelve_lines_on_its_first_page() -> None:
    for role in Role:
        menu = menu_for(of(role), "/today")
        assert len(menu) <= 5
        assert all(len(group.links) <= 7 for group in menu)
        seen = sum(len(group.links) for group in menu if group.is_open) + sum(not group.is_open for group in menu)
        assert seen <= 12


def test_a_long_menu_shows_its_first_group_and_that_of_the_page() -> None:
    assert unfolded() == ["daily"]
    assert unfolded(path="/staff/add") == ["daily", "registry"]


def test_what_a_reader_folds_and_unfolds_stays_so_except_where_they_are() -> None:
    assert unfolded("rules.-daily", path="/staff") == ["registry", "rules"]
    assert unfolded("-registry.-daily", path="/staff") == ["registry"]
    assert unfolded("nothing..<script>") == ["daily"]


def test_a_pharmacy_sees_its_counter_and_nothing_of_dossiers_it_never_sends() -> None:
    pharmacist = of(Role.FACILITY)
    assert "Hồ sơ đã gửi" in titles(pharmacist)
    assert "Hồ sơ đã gửi" not in titles(pharmacist, is_counter=True)
    links = [link.href for group in menu_for(pharmacist, "/dispensing", is_counter=True) for link in group.links]
    assert links[0] == "/dispensing"
    assert "/staff" in links
