"""Is it the metric? The same model outputs under several metrics."""

from components.core.i18n import mark as N_
from components.frame.shell import run
from components.metrics.page import body

run("metrics", N_("Is it the metric?"), body)
