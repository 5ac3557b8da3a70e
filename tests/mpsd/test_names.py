"""Names of service configurations, templates, sessions, members and handles in a URI (CALL-5, CALL-15)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from errors import told_of
from pytest_xbl.mpsd.names import require_handle_id, require_index, require_name, require_scid
from tables import cases

GUID = "5C1D0000-0000-4000-8000-00000000000a"
NO_SCID = "A service configuration is named by a GUID, not {}."
NO_NAME = "{} cannot name a {}: a name has 1 to 99 printable characters and no slash."
NO_INDEX = "A member is named by index, or me; {} is neither."
NO_HANDLE = "A handle is named by a GUID that is not all zeros, not {}."

require_session = partial(require_name, "session")
NO_SESSION, NO_MEMBER = NO_NAME.format("{}", "session"), NO_NAME.format("{}", "member")
ZEROS = "00000000-0000-0000-0000-000000000000"
REFUSED: dict[str, tuple[Callable[[str], None], str, str, int, str, str]] = {
    # the check, a name that fits, one that does not, and of its refusal the status, the text and the rule
    "no GUID": (require_scid, GUID, "x", 404, NO_SCID.format('"x"'), "CALL-5"),
    "more than a GUID": (require_scid, GUID, "1" + GUID, 404, NO_SCID.format(f'"1{GUID}"'), "CALL-5"),
    "empty": (require_session, "n", "", 404, NO_SESSION.format('""'), "CALL-15"),
    "long": (require_session, "n" * 99, "n" * 100, 404, NO_SESSION.format(f'"{"n" * 56}...'), "CALL-15"),
    "a slash": (require_session, "größe ~%", "a/b", 404, NO_SESSION.format('"a/b"'), "CALL-15"),
    "unprintable": (require_session, "a b", "a\tb", 404, NO_SESSION.format(r'"a\tb"'), "CALL-15"),
    "no UTF-8": (require_session, "\ufffc", "\ufffd", 404, NO_SESSION.format(r'"\ufffd"'), "CALL-15"),
    "no index": (require_index, "0", "00", 404, NO_INDEX.format('"00"'), "CODE-404"),
    "no digits": (require_index, "12" * 49, "\u0661", 404, NO_INDEX.format(r'"\u0661"'), "CODE-404"),
    "no name of a member": (require_index, "9", "", 404, NO_MEMBER.format('""'), "CALL-15"),
    "no handle": (require_handle_id, GUID, "x", 400, NO_HANDLE.format('"x"'), "HAND-15"),
    "all zeros": (require_handle_id, GUID, ZEROS, 400, NO_HANDLE.format(f'"{ZEROS}"'), "HAND-15"),
}


@cases("check fits given status text rule", REFUSED)
def test_a_name_in_a_uri_is_checked(
    check: Callable[[str], None], fits: str, given: str, status: int, text: str, rule: str
) -> None:
    """400 or 404, naming what was given (CALL-5, CALL-15, CODE-404, HAND-15)."""
    check(fits)
    assert told_of(lambda: check(given)) == (status, "the URI", text, rule)
