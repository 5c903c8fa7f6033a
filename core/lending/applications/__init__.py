"""How does a wish become a loan? Application, appraisal, votes, security, the terms accepted: one verb per file."""
