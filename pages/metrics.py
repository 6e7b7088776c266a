"""Is it the metric? The same model outputs under several metrics."""

from components.core.i18n import mark as N_
from components.metrics.page import body
from components.frame.shell import run

run("metrics", N_("Is it the metric?"), body)
