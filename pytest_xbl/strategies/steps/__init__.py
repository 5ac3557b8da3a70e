"""The steps of the state machine, one module a subject, on a stage that has the world and the people."""
