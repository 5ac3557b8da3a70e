"""The one place that remembers: people, templates, sessions and the time of one test."""
