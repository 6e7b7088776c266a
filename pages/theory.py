"""Theory lab: why could abilities emerge?"""

from components.core.i18n import mark as N_
from components.frame.shell import run
from components.theory.page import body

run("theory", N_("Theory lab"), body)
