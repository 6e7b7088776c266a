"""What an import says of files, in the reader's language: one template a code, as the data layer lists them."""

from __future__ import annotations

from components.core.i18n import gettext as _
from data.findings import TEMPLATES, Finding


def told(finding: Finding) -> str:
    """The sentence of a finding; a finding within it (the reason) is told first."""
    values = {name: told(value) if isinstance(value, Finding) else value for name, value in finding.values.items()}
    return _(TEMPLATES[finding.code]).format(**values)
