"""Registers as Excel sheets: written out, and read back with a preview of what would change."""
