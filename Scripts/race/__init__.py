"""A race of this project against other inference engines: same networks, same weights, same cores."""
