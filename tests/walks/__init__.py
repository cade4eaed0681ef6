"""Random walks over random diagrams, compared with an interpreter that shares nothing with the engine."""
