"""Overview: what is known to emerge? Served at /."""

from components.core.i18n import mark as N_
from components.frame.shell import run
from components.overview.page import body

run("", N_("Overview"), body)
