"""How long pages take, as ratios on one machine in one run: docs/performance.md tells the goals and what was found."""
