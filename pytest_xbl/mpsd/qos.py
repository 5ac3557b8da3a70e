"""Quality of service: measurements, and whether they meet the requirements of a session (INIT-2, INIT-4, INIT-7).

A member measures the others, by device token.
Members of one device do not measure each other.
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
    """Whether a member has uploaded all that they can measure; an empty upload counts (INIT-3).

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
    found: list[tuple[int, Failure]] = []
    if mesh or star:  # whoever has no address cannot be reached
        unreachable = [member for member in contenders if member.device_token is None]
        found += [(it.index, "network") for it in unreachable if any(_are_apart(it, peer) for peer in peers)]
        contenders = [member for member in contenders if member.device_token is not None]
    if mesh:
        limits = Limits(mesh["latencyMaximum"], mesh["bandwidthMinimum"], mesh["bandwidthMinimum"])
        found += _failures_in_mesh(contenders, peers, limits).items()
    if star:
        found += _failures_to_host(contenders, _possible_hosts(peers, session), star).items()
    indices = {index for index, _ in found}
    return {index: first(failure for whose, failure in found if whose == index) for index in indices}


def host_candidates(passing: Sequence[Member], session: Session) -> tuple[str, ...]:
    """The device tokens of those to whom all who passed can connect, best first (INIT-7)."""
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


def _failures_in_mesh(contenders: Sequence[Member], peers: Sequence[Member], limits: Limits) -> dict[int, Failure]:
    """The failures among members who all connect to each other.

    Whoever has the most connections that are not good enough fails first, and the rest is counted again; so one
    player with a bad line does not take the others along.
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
    """The faults of a member's connections, one for each that is not good enough, whichever end has measured it.

    Args:
        judged: the indices of those who have measured; the others were there before.
    """
    found = []
    for peer in peers:
        if peer.device_token and _are_apart(member, peer):
            ends = [(member, peer), (peer, member)] if peer.index in judged else [(member, peer)]
            faults = [reason for one, other in ends if (reason := fault(_measured(one, other.device_token), limits))]
            found += [first(faults)] if faults else []
    return found


def _failures_to_host(contenders: Sequence[Member], hosts: Sequence[str], star: JsonObject) -> dict[int, Failure]:
    """The failures of those who cannot connect to the host, or to whoever would be the best host for most."""
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
    """A host by the metric that selects it: as good as the worst connection to it, and the higher the better."""
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
    """The host; or else the candidates for it who are still there; or else every device."""
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
    """Whether two are neither the same member nor on one device."""
    return member.index != peer.index and (member.device_token is None or member.device_token != peer.device_token)


def _measured(member: Member, token: str | None) -> JsonObject:
    measured: JsonObject = _measurements(member).get(token, EMPTY) if token else EMPTY
    return measured


def _measurements(member: Member) -> JsonObject:
    measurements: JsonObject = member.system.get("measurements", EMPTY)
    return measurements
