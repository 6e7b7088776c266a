"""Atlas and planner: all abilities at a glance, and the least scale that a set of them needs."""

from components.atlas.page import body
from components.core.i18n import mark as N_
from components.frame.shell import run

run("atlas", N_("Atlas and planner"), body)
