"""Data against size: parameters against tokens. The file's name is its address, /data-size."""

from components.core.i18n import mark as N_
from components.data_size.page import body
from components.frame.shell import run

run("data-size", N_("Data against size"), body)
