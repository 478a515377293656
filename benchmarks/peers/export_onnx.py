"""Exports networks with random weights to ONNX, to be run by ONNX Runtime beside Duet.

Usage: /usr/bin/python3 export_onnx.py CONFIG FILE --batch 64 --length 16
CONFIG is what `Duet.Benchmarks` prints for a preset of CMA-CLIP, or {"tower": {...}} for CLIP's picture tower alone. The batch is fixed, as suits the
runtime best. Prints one JSON line: the parameter count and PyTorch's version.
"""
import argparse
import json
import warnings

import torch
from torch import nn

from cma_clip_torch import Block, CmaClip


class Tower(nn.Module):
    """CLIP's vision transformer with a linear patch embedding (openai/CLIP, clip/model.py)."""

    def __init__(self, c):
        super().__init__()
        width, cells = c["width"], (c["image_size"] // c["patch_size"]) ** 2
        self.patches = nn.Conv2d(3, width, c["patch_size"], c["patch_size"], bias=False)
        self.start = nn.Parameter(torch.randn(width) * width ** -0.5)
        self.positions = nn.Parameter(torch.randn(cells + 1, width) * width ** -0.5)
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.blocks = nn.ModuleList(Block(width, c["heads"], 0.0) for _ in range(c["layers"]))
        self.projection = nn.Parameter(torch.randn(width, c["output"]) * width ** -0.5)

    def forward(self, pixels):
        x = self.patches(pixels).flatten(2).transpose(1, 2)
        x = self.before(torch.cat([self.start.expand(x.shape[0], 1, -1), x], 1) + self.positions)
        for block in self.blocks:
            x = block(x)
        return self.after(x[:, 0]) @ self.projection


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("config")
    parser.add_argument("file")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--length", type=int, default=16)
    a = parser.parse_args()
    torch.manual_seed(1)
    c = json.loads(a.config)
    tower = c.get("tower")
    size = (tower or c)["image_size"]
    model = (Tower(tower) if tower else CmaClip(c)).eval()
    inputs = [torch.randn(a.batch, 3, size, size)]
    names = ["pixels"]
    if not tower:
        inputs += [torch.randint(1, c["vocabulary"], (a.batch, a.length)), torch.full((a.batch,), a.length)]
        names += ["ids", "lengths"]

    # The tracer warns of sizes that it takes as constants: they are.
    warnings.simplefilter("ignore", torch.jit.TracerWarning)
    torch.onnx.export(model, tuple(inputs), a.file, opset_version=14, input_names=names)
    print(json.dumps({"parameters": sum(p.numel() for p in model.parameters()), "version": torch.__version__}))


main()
