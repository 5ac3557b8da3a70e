"""Real host names: what leads to the fake, and what a test may not reach."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "HOST-1",
        "From the first world of a run to the end of the run, names that end in `.xboxlive.com` or `.live.com` "
        "lead to the fake in the process of the tests, at the ports 80 and 443, whatever library asks for them, "
        "whatever its options are, and whenever it was imported. The client verifies the certificate and the name "
        "as usual. Nothing is replaced but the look-up of names, connecting and the beginning of a handshake; NO_PROXY "
        "names these hosts, in case that a variable names a proxy. What other plugins have put back is replaced "
        "again at the next test.",
        (Source("the fake's own"),),
    ),
    Rule(
        "HOST-2",
        "The fixture xbl_environ sets variables by which programs that a test starts reach the fake by these names, "
        "too: of proxies, of certificates, and for what Python, Node and Java load before a program. `xbl.environ` "
        "gives the same variables and sets none. Lists that are there already are kept, except the hosts of NO_PROXY. "
        "The `sitecustomize` of a Python program is hidden by none of it.",
        (Source("the fake's own"),),
    ),
    Rule(
        "HOST-3",
        "The certificates come from an authority of the test session, which vouches for names of xboxlive.com and "
        "live.com only: a handshake for any other name ends with the alert unrecognized_name. Its key is never "
        "written anywhere, and its certificate only to a temporary directory of pytest's.",
        (Source("the fake's own"),),
    ),
    Rule(
        "HOST-4",
        "A foreign host is one that is not of Xbox Live, not the machine itself, and not allowed by the setting "
        "xbl_allow_hosts, which allows all names below a name, too. A connection to it is refused with 403 in the "
        "programs that a test starts with the variables of HOST-2, and if the setting xbl_egress is `refuse`, with an "
        "OSError in the process of a test with a world. So is one to a host of Xbox Live at another port than 80 and "
        "443. The refusal is in the journal of the world that was made last, and is a mistake of its client (SEEN-5).",
        (Source("the fake's own"),),
    ),
    Rule(
        "HOST-5",
        "Hosts of Xbox Live are blocked, which is a mistake of the client like that of HOST-4, if the setting "
        "xbl_hosts is `block`, or if the extra `hosts` is not installed. If it is `off`, they are left alone.",
        (Source("the fake's own"),),
    ),
    Rule(
        "HOST-6",
        "The port for real names takes TLS, plain HTTP, and CONNECT to a host of Xbox Live at 80 and 443. It connects "
        "to nothing. TLS in a tunnel to 80, plain HTTP for 443, a CONNECT without a port and bytes sent ahead of its "
        "response are refused with 400 and a closed connection. A handshake has 10 seconds.",
        (Source("the fake's own"),),
    ),
)
