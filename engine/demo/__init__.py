"""The demo company: a small simulation in which invented people do invented work by real commands."""
