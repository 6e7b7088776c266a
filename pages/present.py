"""Present: guided tours, one key to the next."""

from components.core.i18n import mark as N_
from components.frame.shell import run
from components.present.page import body

run("present", N_("Present"), body)
