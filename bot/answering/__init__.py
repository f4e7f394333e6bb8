"""From what a person did to what we answer: taken in durably, answered in order, effects and all in one transaction."""
