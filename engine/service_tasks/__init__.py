"""The operations that a service task of a diagram may name: one file each, listed by the registry."""
