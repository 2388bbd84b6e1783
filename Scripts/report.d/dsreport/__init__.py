"""One self-contained page out of the project's measured results."""
