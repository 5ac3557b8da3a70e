"""The objects that a test holds: the one behind the fixture `xbl`, and its attributes."""

from pytest_xbl.xbl.handles import Handles
from pytest_xbl.xbl.journal import JournalView
from pytest_xbl.xbl.scenario import ScenarioView
from pytest_xbl.xbl.sessions import Sessions, SessionView
from pytest_xbl.xbl.stats import Stats
from pytest_xbl.xbl.templates import Templates
from pytest_xbl.xbl.xbox_live import XboxLive

__all__ = ["Handles", "JournalView", "ScenarioView", "SessionView", "Sessions", "Stats", "Templates", "XboxLive"]
