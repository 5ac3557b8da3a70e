"""The description of all operations, bodies and statuses, as OpenAPI has it."""
