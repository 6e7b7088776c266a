"""Overview: what is known to emerge? Served at /."""

from components.i18n import mark as N_
from components.page.overview import body
from components.page.shell import run

run("", N_("Overview"), body)
