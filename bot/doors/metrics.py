"""What the web process counts for `/metrics`; what the book knows is read from it when asked."""

from prometheus_client import Counter

WEBHOOKS = Counter("lethe_webhook_items_total", "What came in by webhook, by what became of it.", ["outcome"])
