"""How far an answer is from Keras's."""

import numpy as np


def error(answer: np.ndarray, expected: np.ndarray) -> float:
    """The largest difference of a probability, relative to the largest probability."""
    if answer.shape != expected.shape:
        raise ValueError(f"answers with shape {answer.shape} instead of {expected.shape}")
    difference = float(np.abs(answer - expected).max() / expected.max())
    return difference if np.isfinite(difference) else float("inf")
