"""Present: guided tours, one key to the next."""

from components.i18n import mark as N_
from components.page.present import body
from components.page.shell import run

run("present", N_("Present"), body)
