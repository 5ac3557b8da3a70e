"""How a test says in which state its world begins: seeds, scenarios, and what is expected at the end."""
