"""Where process owners change procedures: drafts, their checks, and how they become versions."""
