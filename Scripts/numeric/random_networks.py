"""Random networks that use every kind of layer and every key, small and of odd sizes."""

import numpy

from numeric import networks

ACTIVATIONS = ("none", "none", "relu", "relu6")
KINDS = ("standard", "depthwise", "depthwise", "pointwise", "pointwise", "maxpool", "avgpool")


class RandomNetwork:
    """One network with its weights and images; equal for equal seeds."""

    MOST_ELEMENTS = 12_000

    def __init__(self, seed):
        self.random = numpy.random.default_rng(seed)
        self.layers = []
        self.shapes = {}
        height, width = self.random.integers(1, 20, 2)
        self.image = (int(height), int(width), int(self.pick([1, 2, 3, 3, 3, 3, 4, 5, 8])))
        self.append(self.layer("standard", self.image))
        for _ in range(self.random.integers(0, 7)):
            self.append_block()
        self.append_end()
        self.join_loose_ends()
        self.network = {
            "schema": "dstune.network/1.0", "name": f"random-{seed}", "input": list(self.image),
            "preprocessing": "none", "classes": self.shapes[self.last][2], "layers": self.layers}
        self.draw_weights()
        self.draw_images()

    def pick(self, choices):
        return choices[self.random.integers(len(choices))]

    def chance(self, probability):
        return self.random.random() < probability

    @property
    def last(self):
        return self.layers[-1]["name"]

    def channels(self):
        return int(self.pick([1, 2, 3, 5, 8, 13, 16, 17, 24, 31, 32, 33, 48, 64, 70, 101]))

    # --- Layers

    def layer(self, kind, shape, **keys):
        """A layer of that kind that an input of this shape allows."""
        layer = {"kind": kind, "name": f"l{len(self.layers)}", **keys}
        if kind in networks.WITH_CHANNELS and "channels" not in layer:
            layer["channels"] = self.channels()
        if kind in networks.WITH_WINDOW and "kernel" not in layer:
            self.add_window(layer, shape)
        if kind != "softmax":
            layer["activation"] = self.pick(ACTIVATIONS)
            if self.chance(0.3):
                layer["inputActivation"] = self.pick(("relu", "relu6"))
        return layer

    def add_window(self, layer, shape):
        kind = layer["kind"]
        if self.chance(0.5):
            kernel = [int(self.pick([1, 2, 3, 3, 3, 5, 7]))] * 2
        else:
            kernel = [int(self.random.integers(1, 8)) for _ in range(2)]
        stride = int(self.pick([1, 1, 1, 2, 2, 3]))
        rule = self.pick(["same", "valid", "sides"])
        if rule == "sides":
            rule = [int(self.random.integers(0, size)) for size in kernel for _ in range(2)]
        if kind == "avgpool":
            rule = "valid"
        if rule == "valid":
            kernel = [min(size, extent) for size, extent in zip(kernel, shape)]
        pads = networks.padding(rule, shape, kernel, stride)
        # Padding is smaller than the window, and the window no larger than what is padded.
        if any(shape[i] + pads[2 * i] + pads[2 * i + 1] < kernel[i] for i in range(2)):
            kernel, rule = [1, 1], "valid"
        layer.update(kernel=kernel[0] if kernel[0] == kernel[1] else kernel, stride=stride, padding=rule)

    def append(self, layer):
        source = layer.get("input", self.last if self.layers else "image")
        self.shapes[layer["name"]] = networks.output_shape(layer, self.shapes.get(source, self.image))
        self.layers.append(layer)

    def append_block(self):
        """A layer, or several that a fused kernel may take together, with a residual where one fits."""
        chains = [["depthwise", "pointwise"], ["pointwise", "depthwise", "pointwise"],
                  ["depthwise", "pointwise", "maxpool"]]
        kinds = self.pick(chains) if self.chance(0.4) else [self.pick(KINDS)]
        for kind in kinds:
            shape = self.shapes[self.last]
            layer = self.layer(kind, shape)
            if self.chance(0.3) and len(kinds) > 1:
                layer.pop("inputActivation", None)
            if numpy.prod(networks.output_shape(layer, shape)) > self.MOST_ELEMENTS:
                return
            if self.chance(0.25):
                self.add_residual(layer, shape)
            self.append(layer)

    def add_residual(self, layer, shape):
        """An earlier output of the same shape, or a new layer's beside this one, as networks have shortcuts."""
        wanted = networks.output_shape(layer, shape)
        equal = [name for name, found in self.shapes.items() if found == wanted]
        if equal:
            layer["residual"] = self.pick(equal)
            return
        if layer["kind"] != "maxpool" or wanted[:2] != shape[:2]:
            return
        source = self.last
        side = self.layer("pointwise", shape, channels=wanted[2])
        self.append(side)
        layer.update(name=f"l{len(self.layers)}", input=source, residual=side["name"])

    def append_end(self):
        """Layers that leave one vector an image."""
        height, width, _ = self.shapes[self.last]
        if (height, width) != (1, 1):
            kind = self.pick(["avgpool", "avgpool", "maxpool", "standard"])
            if kind == "standard":
                self.append(self.layer(kind, self.shapes[self.last], kernel=[height, width]))
            else:
                if self.chance(0.4):
                    self.append(self.layer("pointwise", self.shapes[self.last]))
                self.append(self.layer(kind, self.shapes[self.last], kernel=[height, width]))
                if self.chance(0.5):
                    for key in ("kernel", "stride", "padding"):
                        self.layers[-1].pop(key, None)
        for _ in range(self.random.integers(0, 3)):
            self.append(self.layer("dense", self.shapes[self.last]))
        if self.chance(0.5):
            self.append(self.layer("softmax", self.shapes[self.last]))

    def join_loose_ends(self):
        """Every output but the last must have a reader; each layer reads the one before, or what it names."""
        read = {layer.get("residual") for layer in self.layers}
        for index, layer in enumerate(self.layers):
            read.add(layer.get("input", self.layers[index - 1]["name"] if index else "image"))
        loose = [name for name in self.shapes if name not in read and name != self.last]
        if loose:
            raise AssertionError(f"nobody reads {loose}")

    # --- Data

    def draw_weights(self):
        self.tensors = {}
        before = "image"
        for layer in self.layers:
            name = layer["name"]
            shape = self.shapes.get(layer.get("input", before), self.image)
            if shapes := networks.weight_shapes(layer, shape):
                kernel, bias = shapes
                products = numpy.prod(kernel) / kernel[-1 if layer["kind"] != "depthwise" else 2]
                scale = 1.5 / numpy.sqrt(max(1, products))
                self.tensors[f"{name}/kernel"] = self.random.uniform(-scale, scale, kernel).astype("f4")
                self.tensors[f"{name}/bias"] = self.random.uniform(-0.5, 0.5, bias).astype("f4")
            before = name

    def draw_images(self):
        count = int(self.random.integers(1, 5))
        self.images = self.random.uniform(-2, 2, (count, *self.image)).astype("f4")
        if self.chance(0.1):
            values = self.images.reshape(-1)
            for _ in range(self.random.integers(1, 4)):
                values[self.random.integers(len(values))] = self.pick([numpy.nan, numpy.inf, -numpy.inf])
