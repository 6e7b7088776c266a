"""Present: guided tours, one key to the next."""

from components.core.i18n import mark as N_
from components.present.page import body
from components.frame.shell import run

run("present", N_("Present"), body)
