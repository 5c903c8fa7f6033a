"""What do staff reach over HTTP? The API under /admin/v1: one file per area of routes."""
