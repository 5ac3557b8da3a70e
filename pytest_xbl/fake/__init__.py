"""What a test holds in its hands: the object behind the `xbl` fixture, and what hangs on it."""

from pytest_xbl.fake.handles import Handles
from pytest_xbl.fake.journal import JournalView
from pytest_xbl.fake.scenario_view import ScenarioView
from pytest_xbl.fake.sessions import Sessions, SessionView
from pytest_xbl.fake.stats import Stats
from pytest_xbl.fake.templates import Templates
from pytest_xbl.fake.xbox_live import XboxLive

__all__ = ["Handles", "JournalView", "ScenarioView", "SessionView", "Sessions", "Stats", "Templates", "XboxLive"]
