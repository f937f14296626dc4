"""An organisation's own data in our words: what a section of the settings says, done to a frame."""

from connectors.mapping.records import page
from connectors.mapping.section import near, sections
from connectors.mapping.translation import Translation

__all__ = ["Translation", "near", "page", "sections"]
