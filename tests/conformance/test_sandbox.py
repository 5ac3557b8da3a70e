"""The suite against a sandbox, for which a fake stands in."""

from __future__ import annotations

from tests.conformance.conftest import Sandbox, account


def test_x(sandbox: Sandbox) -> None:
    sandbox.settings["service"] = account(sandbox.xbl.service("server"))
    sandbox.settings["userStatistics"] = sandbox.xbl.url
    sandbox.settings["statistics"] = {"Integer": "Kills", "Double": "Rate", "String": "Rank"}
    sandbox.xbl.stats.set(sandbox.users[0], {"Kills": 7, "Rate": 0.5, "Rank": "Major"})
    run = sandbox.run()
    print(run.text)
    assert run.result.ret == 1
    print(run.page)
