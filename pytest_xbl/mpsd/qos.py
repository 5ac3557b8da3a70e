"""Quality of service: measurements, and whether they meet the requirements of a session (INIT-2, INIT-4, INIT-7).

Members measure their connections to each other, by device token; two members on one device do not.
A mesh is a session in which all connect to all (`peerToPeerRequirements`), a star one in which all connect to a host
(`peerToHostRequirements`).
What they have measured of game servers may decide which of these the session uses (PROP-10).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from math import inf
from typing import NamedTuple, TypeAlias, get_args

from pytest_xbl.mpsd.model import EMPTY, Failure, JsonObject, Member, Session

Device: TypeAlias = str | int
"""A device token; for a member without an address, their index."""

CALCULATES = "autoPopulateServerCandidates"
"""The capability of a session that calculates its candidates."""
CANDIDATES = "serverConnectionStringCandidates"
PRECEDENCE: tuple[Failure, ...] = get_args(Failure)


class Limits(NamedTuple):
    """The limits of one connection: milliseconds and kilobits per second (CONST-11)."""

    latency: int
    down: int
    up: int


def is_measured(session: Session) -> bool:
    """Whether a session has something to measure: metrics, or servers (INIT-2)."""
    system = session.constants.system
    return any(system.get("metrics", EMPTY).values()) or bool(system.get("measurementServerAddresses"))


def without_upload(members: Iterable[Member], peers: Sequence[Member], session: Session) -> list[Member]:
    """Those who have not uploaded everything that they can measure; an empty upload counts (INIT-3).

    Args:
        members: of the episode.
        peers: the members whom they could measure, themselves included.
    """
    devices = _devices_to_measure(peers, session)
    servers = session.constants.system.get("measurementServerAddresses")
    needed = {"serverMeasurements"} if servers else set()
    return [it for it in members if not (needed <= it.system.keys() and _has_measured(it, devices))]


def failures(contenders: Sequence[Member], peers: Sequence[Member], session: Session) -> dict[int, Failure]:
    """The failures of those whose measurements do not meet the requirements, by index (INIT-4).

    Those who are left meet them, unless some of them fail for another reason.

    Args:
        contenders: the members of the episode who have not failed yet.
        peers: the members whom they could measure, themselves included.
    """
    system = session.constants.system
    in_mesh = _failures_in_mesh(contenders, peers, system)
    left = [peer for peer in peers if peer.index not in in_mesh]
    to_host = _failures_to_host(contenders, left, session)
    return {n: first(some[n] for some in (in_mesh, to_host) if n in some) for n in in_mesh | to_host}


def host_candidates(
    passing: Sequence[Member], peers: Sequence[Member], session: Session, *, judged: bool
) -> tuple[str, ...]:
    """The device tokens of the possible hosts, best first (INIT-7).

    Args:
        passing: the members of the episode who have passed.
        peers: the members whom they could measure, themselves included.
        judged: whether all who have passed must be able to connect to a candidate.
    """
    star = session.constants.system.get("peerToHostRequirements")
    if star is None or _host(session) or not passing:
        return ()
    hosts = _possible_hosts(passing, peers, session)
    if judged:
        hosts = [host for host in hosts if not _faults_to(host, passing, star)]
    return tuple(sorted(hosts, key=lambda host: _quality(host, passing, star), reverse=True))


def server_candidates(session: Session) -> tuple[str, ...]:
    """The servers that a session with `autoPopulateServerCandidates` could use, best first (PROP-10)."""
    if not session.can(CALCULATES):
        return ()
    uploads = [upload for member in session.members if (upload := member.system.get("serverMeasurements"))]
    measured = [{server.lower(): metrics for server, metrics in upload.items()} for upload in uploads]
    common = set(measured[0]).intersection(*measured[1:]) if measured else ()
    return tuple(sorted(common, key=lambda server: (max(_server_latency(it[server]) for it in measured), server)))


def first(found: Iterable[Failure]) -> Failure:
    """The failure of the highest precedence (INIT-4)."""
    return min(found, key=PRECEDENCE.index)


def fault(measured: JsonObject, limits: Limits) -> Failure | None:
    """The reason why a connection is not good enough; None if it is (INIT-4).

    A metric that is left out was not measured: the other end cannot be reached.
    """
    latency, down, up = (measured.get(name) for name in ("latency", "bandwidthDown", "bandwidthUp"))
    if latency is not None and latency > limits.latency:
        return "latency"
    if down is not None and down < limits.down:
        return "bandwidthdown"
    if up is not None and up < limits.up:
        return "bandwidthup"
    return "network" if None in (latency, down, up) else None


def _devices_to_measure(peers: Iterable[Member], session: Session) -> AbstractSet[Device]:
    system = session.constants.system
    if not any(system.get("metrics", EMPTY).values()):
        return frozenset()
    host = _host(session)
    if host and "peerToHostRequirements" in system and "peerToPeerRequirements" not in system:
        return {host}
    return set(map(_device, peers))


def _has_measured(member: Member, devices: AbstractSet[Device]) -> bool:
    """Whether a member has measured; an upload from before the stage has to cover all devices with an address."""
    own = _device(member)
    if devices <= {own}:
        return True
    if "measurements" not in member.system:
        return False
    measured = _measurements(member)
    return not member.measured_early or all(it in measured for it in devices if it != own and isinstance(it, str))


def _failures_in_mesh(contenders: Sequence[Member], peers: Sequence[Member], system: JsonObject) -> dict[int, Failure]:
    """The failures among members who all connect to each other, so each of them needs an address.

    Those with the most bad connections fail first, and then the others are counted again; so a player with a bad line
    does not fail everybody else.
    """
    mesh = system.get("peerToPeerRequirements")
    if not mesh or len(peers) == 1:
        return {}
    limits = Limits(mesh["latencyMaximum"], mesh["bandwidthMinimum"], mesh["bandwidthMinimum"])
    found: dict[int, Failure] = {it.index: "network" for it in contenders if it.device_token is None}
    bad = _bad_connections([it for it in contenders if it.device_token], peers, limits)
    while most := max(map(len, bad.values()), default=0):
        worst = {index: bad.pop(index) for index, faults in list(bad.items()) if len(faults) == most}
        found |= {index: first(faults.values()) for index, faults in worst.items()}
        for faults in bad.values():
            for index in worst:
                faults.pop(index, None)
    return found


def _bad_connections(
    contenders: Sequence[Member], peers: Sequence[Member], limits: Limits
) -> dict[int, dict[int, Failure]]:
    """The faults of each member's connections, by the index of the other end, whichever end has measured them.

    The measurements of those who were there before the episode do not count.
    """
    bad: dict[int, dict[int, Failure]] = {member.index: {} for member in contenders}
    for member in contenders:
        for peer, reason in _bad_ends(member, peers, limits):
            for one, other in ((member.index, peer.index), (peer.index, member.index)):
                if one in bad:
                    bad[one][other] = first((bad[one].get(other, reason), reason))
    return bad


def _bad_ends(member: Member, peers: Iterable[Member], limits: Limits) -> Iterator[tuple[Member, Failure]]:
    """The peers to whom a member has measured a bad connection, or none, and its fault."""
    measured = _measurements(member)
    for peer in peers:
        token = peer.device_token
        if token and token != member.device_token and (reason := fault(measured.get(token, EMPTY), limits)):
            yield peer, reason


def _failures_to_host(contenders: Sequence[Member], peers: Sequence[Member], session: Session) -> dict[int, Failure]:
    """The failures of those who cannot connect to the host, or else to the possible host that suits most members.

    Only the host needs an address.

    Args:
        peers: those who have not failed in the mesh.
    """
    star = session.constants.system.get("peerToHostRequirements")
    if not star or len(peers) == 1:
        return {}
    fit = {peer.index for peer in peers}
    left = [member for member in contenders if member.index in fit]
    hosts = _possible_hosts(left, peers, session)
    if not hosts:
        return dict.fromkeys((member.index for member in left), "network")
    best = max(hosts, key=lambda host: (-len(_faults_to(host, left, star)), _quality(host, left, star)))
    return _faults_to(best, contenders, star)


def _faults_to(host: str, members: Iterable[Member], star: JsonObject) -> dict[int, Failure]:
    """The faults of the connections to a host, by the index of the member, where there are any."""
    limits = Limits(star["latencyMaximum"], star["bandwidthDownMinimum"], star["bandwidthUpMinimum"])
    others = [member for member in members if member.device_token != host]
    found = ((it.index, fault(_measurements(it).get(host, EMPTY), limits)) for it in others)
    return {index: reason for index, reason in found if reason}


def _quality(host: str, members: Iterable[Member], star: JsonObject) -> tuple[int, float]:
    """The quality of a host by `hostSelectionMetric`, of the worst connection to it; higher is better (INIT-7).

    A host to whom a connection was not measured is worse than any other.
    """
    metric = star["hostSelectionMetric"].lower()
    others = [_measurements(member).get(host) for member in members if member.device_token != host]
    measured = [it for it in others if it is not None]
    unknown = len(others) - len(measured)
    if metric == "latency":
        return -unknown, -max((it.get("latency", inf) for it in measured), default=0)
    down = [it.get("bandwidthDown", 0) if metric != "bandwidthup" else 0 for it in measured]
    up = [it.get("bandwidthUp", 0) if metric != "bandwidthdown" else 0 for it in measured]
    return -unknown, min(map(sum, zip(down, up, strict=True)), default=0)


def _server_latency(metrics: JsonObject) -> float:
    latency = metrics.get("latency")
    return latency if isinstance(latency, int | float) and not isinstance(latency, bool) else inf


def _possible_hosts(contenders: Sequence[Member], peers: Iterable[Member], session: Session) -> list[str]:
    """The host; without one, the candidates who are still there; without any, every device.

    Only the devices of those who were there before the episode, if there are any: nobody joins by hosting themselves.
    """
    host = _host(session)
    if host:
        return [host]
    new = {member.index for member in contenders}
    tokens = _tokens(peer for peer in peers if peer.index not in new) or _tokens(contenders)
    return [token for token in session.host_candidates if token in tokens] or tokens


def _host(session: Session) -> str | None:
    host: str | None = session.properties.system.get("host")
    return host.lower() if host else None


def _tokens(members: Iterable[Member]) -> list[str]:
    return list(dict.fromkeys(member.device_token for member in members if member.device_token))


def _device(member: Member) -> Device:
    """The device of a member; one without an address counts as a device of its own."""
    return member.device_token or member.index


def _measurements(member: Member) -> JsonObject:
    measurements: JsonObject = member.system.get("measurements", EMPTY)
    return measurements
