"""Pages of the webhooks that this school has sent."""
