"""What a page says, gathered for one reader before a template lays it out. Knows models, never requests."""
