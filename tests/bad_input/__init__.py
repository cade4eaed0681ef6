"""The product as an enemy and as bad luck would use it: what is refused is refused clearly, and nothing has changed."""
