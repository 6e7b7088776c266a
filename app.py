"""Overview: what is known to emerge? Served at /."""

from components.core.i18n import mark as N_
from components.overview.model.page import body
from components.frame.shell import run

run("", N_("Overview"), body)
