"""The wire: methods, messages to nouns and back, chunks. Pure."""
