"""Tags and filters known in every template."""
