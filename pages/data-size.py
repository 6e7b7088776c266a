"""Data against size: parameters against tokens. The file's name is its address, /data-size."""

from components.i18n import mark as N_
from components.page.data_size import body
from components.page.shell import run

run("data-size", N_("Data against size"), body)
