"""Theory lab: why could abilities emerge?"""

from components.i18n import mark as N_
from components.page.shell import run
from components.page.theory import body

run("theory", N_("Theory lab"), body)
