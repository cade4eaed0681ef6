"""Figures of the product beside yardsticks of the same run; the machines are noisy, so read the ratios."""
