"""What a person, a timer or a message may do: one frozen dataclass with `run` a file. They never call one another."""
