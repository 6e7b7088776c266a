"""Atlas and planner: all abilities at a glance, and the least scale that a set of them needs."""

from components.i18n import mark as N_
from components.page.atlas import body
from components.page.shell import run

run("atlas", N_("Atlas and planner"), body)
