"""What every call passes before it is answered: who calls, how often, how much at once, what is told of it."""
