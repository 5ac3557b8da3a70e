"""Quality of service: measurements, and whether they meet the requirements of a session (INIT-2, INIT-4, INIT-7).

Members measure their connections to each other, by device token; two members on one device do not.
A mesh is a session in which all connect to all (`peerToPeerRequirements`), a star one in which all connect to a host
(`peerToHostRequirements`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple, get_args

from pytest_xbl.mpsd.model import EMPTY, Failure, JsonObject, Member, Session

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


def has_uploaded(member: Member, peers: Iterable[Member], session: Session) -> bool:
    """Whether a member has uploaded everything that they can measure; an empty upload counts (INIT-3).

    Args:
        peers: the members whom the episode could measure.
    """
    system = session.constants.system
    if system.get("measurementServerAddresses") and "serverMeasurements" not in member.system:
        return False
    if "measurements" in member.system or not any(system.get("metrics", EMPTY).values()):
        return True
    host = _host(session) if "peerToHostRequirements" in system else None
    if host and "peerToPeerRequirements" not in system:
        return member.device_token == host
    return not any(_are_apart(member, peer) for peer in peers)


def failures(contenders: Sequence[Member], peers: Sequence[Member], session: Session) -> dict[int, Failure]:
    """The failures of those whose measurements do not meet the requirements, by index (INIT-4).

    Args:
        contenders: the members of the episode who have not failed yet.
        peers: the members whom they could measure, themselves included.
    """
    system = session.constants.system
    mesh, star = system.get("peerToPeerRequirements"), system.get("peerToHostRequirements")
    if not (mesh or star):
        return {}
    reachable = [member for member in contenders if member.device_token]
    found = [_failures_without_address(contenders, peers)]
    if mesh:
        limits = Limits(mesh["latencyMaximum"], mesh["bandwidthMinimum"], mesh["bandwidthMinimum"])
        found.append(_failures_in_mesh(reachable, peers, limits))
    if star:
        found.append(_failures_to_host(reachable, _possible_hosts(peers, session), star))
    return {index: first(some[index] for some in found if index in some) for index in set().union(*found)}


def host_candidates(passing: Sequence[Member], session: Session) -> tuple[str, ...]:
    """The device tokens of the members to whom all who passed can connect, best first (INIT-7)."""
    star = session.constants.system.get("peerToHostRequirements")
    if star is None or _host(session):
        return ()
    limits = _limits_to_host(star)
    fit = [host for host in _tokens(passing) if not any(_faults_to(host, passing, limits).values())]
    return tuple(sorted(fit, key=lambda host: _quality(host, passing, star), reverse=True))


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


def _failures_without_address(contenders: Sequence[Member], peers: Sequence[Member]) -> dict[int, Failure]:
    """The failures of those who cannot be reached, unless there is nobody to reach them (INIT-4)."""
    unreachable = [member for member in contenders if member.device_token is None]
    return {it.index: "network" for it in unreachable if any(_are_apart(it, peer) for peer in peers)}


def _failures_in_mesh(contenders: Sequence[Member], peers: Sequence[Member], limits: Limits) -> dict[int, Failure]:
    """The failures among members who all connect to each other.

    Those with the most bad connections fail first, and then the others are counted again; so a player with a bad line
    does not fail everybody else.
    """
    found: dict[int, Failure] = {}
    judged = {member.index for member in contenders}
    while True:
        left = [peer for peer in peers if peer.index not in found]
        bad = {member.index: _faults_with(member, left, judged, limits) for member in contenders}
        bad = {index: faults for index, faults in bad.items() if faults and index not in found}
        if not bad:
            return found
        most = max(map(len, bad.values()))
        found |= {index: first(faults) for index, faults in bad.items() if len(faults) == most}


def _faults_with(member: Member, peers: Iterable[Member], judged: AbstractSet[int], limits: Limits) -> list[Failure]:
    """The faults of a member's connections, one for each that is bad, whichever end has measured it.

    Args:
        judged: the indices of those whose measurements count; the others were there before the episode.
    """
    found = []
    for peer in peers:
        if peer.device_token and _are_apart(member, peer):
            ends = [(member, peer), (peer, member)] if peer.index in judged else [(member, peer)]
            faults = [reason for one, other in ends if (reason := fault(_measured(one, other.device_token), limits))]
            found += [first(faults)] if faults else []
    return found


def _failures_to_host(contenders: Sequence[Member], hosts: Sequence[str], star: JsonObject) -> dict[int, Failure]:
    """The failures of those who cannot connect to the host, or else to the possible host that suits most members."""
    if not hosts:
        return {}
    limits = _limits_to_host(star)
    faults = {host: _faults_to(host, contenders, limits) for host in hosts}
    best = max(hosts, key=lambda host: (-sum(map(bool, faults[host].values())), _quality(host, contenders, star)))
    return {index: reason for index, reason in faults[best].items() if reason}


def _faults_to(host: str, members: Iterable[Member], limits: Limits) -> dict[int, Failure | None]:
    return {
        member.index: None if member.device_token == host else fault(_measured(member, host), limits)
        for member in members
    }


def _quality(host: str, members: Iterable[Member], star: JsonObject) -> float:
    """The quality of a host by `hostSelectionMetric`, of the worst connection to it; higher is better (INIT-7)."""
    metric = star["hostSelectionMetric"].lower()
    measured = [member.system["measurements"][host] for member in members if host in _measurements(member)]
    if metric == "latency":
        return -max((it.get("latency", 0) for it in measured), default=0)
    down = [it.get("bandwidthDown", 0) if metric != "bandwidthup" else 0 for it in measured]
    up = [it.get("bandwidthUp", 0) if metric != "bandwidthdown" else 0 for it in measured]
    return min(map(sum, zip(down, up, strict=True)), default=0)


def _limits_to_host(star: JsonObject) -> Limits:
    return Limits(star["latencyMaximum"], star["bandwidthDownMinimum"], star["bandwidthUpMinimum"])


def _possible_hosts(peers: Sequence[Member], session: Session) -> list[str]:
    """The host; without one, the candidates who are still there; without any, every device."""
    tokens = _tokens(peers)
    host = _host(session)
    if host:
        return [host]
    return [token for token in session.host_candidates if token in tokens] or tokens


def _host(session: Session) -> str | None:
    host: str | None = session.properties.system.get("host")
    return host.lower() if host else None


def _tokens(members: Iterable[Member]) -> list[str]:
    return list(dict.fromkeys(member.device_token for member in members if member.device_token))


def _are_apart(member: Member, peer: Member) -> bool:
    """Whether two are different members on different devices."""
    return member.index != peer.index and (member.device_token is None or member.device_token != peer.device_token)


def _measured(member: Member, token: str | None) -> JsonObject:
    measured: JsonObject = _measurements(member).get(token, EMPTY) if token else EMPTY
    return measured


def _measurements(member: Member) -> JsonObject:
    measurements: JsonObject = member.system.get("measurements", EMPTY)
    return measurements
