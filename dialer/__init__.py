"""Which lead, when, how many: pacing, law and retry (pure), and the loop that acts on them."""
