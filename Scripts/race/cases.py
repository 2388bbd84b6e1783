"""What is raced: one network at one size, with one number of threads."""

import dataclasses
import itertools
import pathlib

MODELS = ("mobilenet-v1", "mobilenet-v2", "xception")


def default_resolution(model: str) -> int:
    return 299 if model == "xception" else 224


@dataclasses.dataclass(frozen=True)
class Network:
    """A network at one size, as the commands and Keras both take it."""

    model: str
    width: float
    resolution: int
    batch: int

    @property
    def slug(self) -> str:
        """The model, and what differs from its usual size."""
        parts = [self.model]
        if self.width != 1:
            parts.append(f"{self.width:g}")
        if self.resolution != default_resolution(self.model):
            parts.append(str(self.resolution))
        if self.batch != 1:
            parts.append(f"b{self.batch}")
        return "-".join(parts)

    @property
    def image_arguments(self) -> list[str]:
        """The network for a command that takes one image."""
        arguments = ["--model", self.model, "--resolution", str(self.resolution)]
        return arguments if self.width == 1 else [*arguments, "--width", f"{self.width:g}"]

    @property
    def arguments(self) -> list[str]:
        return [*self.image_arguments, "--batch", str(self.batch)]


@dataclasses.dataclass(frozen=True)
class Case:
    network: Network
    threads: int

    @property
    def title(self) -> str:
        return f"{self.network.slug}, {self.threads} thread{'s' if self.threads > 1 else ''}"

    def schedule(self, folder: pathlib.Path) -> pathlib.Path | None:
        """Our schedule for the case, where there is one."""
        path = folder / f"{self.network.slug}-{self.threads}t.schedule.json"
        return path if path.is_file() else None


def networks(
    models: list[str], widths: list[float], resolutions: list[int | None], batches: list[int]
) -> list[Network]:
    """Every combination, without repetition; None stands for a model's usual resolution."""
    combinations = itertools.product(models, widths, resolutions, batches)
    return list(dict.fromkeys(
        Network(model, width, resolution or default_resolution(model), batch)
        for model, width, resolution, batch in combinations
    ))
