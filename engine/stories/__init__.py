"""Stories: who does what when, and what must then be true; run on the real engine under a held clock."""
