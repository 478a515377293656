"""The network of Duet's CMA-CLIP presets in plain PyTorch (eager, float32), to be timed beside Duet.

Usage: /usr/bin/python3 cma_clip_torch.py '{"image_size": 64, ...}' train|infer --batch 64 --length 16 --threads 2 --seconds 10
The first argument is what `Duet.Benchmarks` prints for the preset. Prints one JSON line: samples per second and the parameter count.
"""
import argparse
import json
import math
import time

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.inputs = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def forward(self, x, mask):
        b, l, d = x.shape
        q, k, v = self.inputs(x).reshape(b, l, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-2, -1) / math.sqrt(d // self.heads)
        weights = (scores if mask is None else scores + mask).softmax(-1)
        return self.output((weights @ v).transpose(1, 2).reshape(b, l, d))


class Block(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.hidden, self.output = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        x = x + self.dropout(self.attention(self.norm1(x), mask))
        h = self.hidden(self.norm2(x))
        return x + self.dropout(self.output(h * torch.sigmoid(1.702 * h)))


class Residual(nn.Module):
    def __init__(self, channels, out, stride):
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(channels, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(),
            nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out))
        self.shortcut = nn.Identity() if stride == 1 and channels == out else nn.Sequential(
            nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        return F.relu(self.inner(x) + self.shortcut(x))


def stem(image):
    patch, width, depth = image["patch_size"], image["width"], image["stem_depth"]
    if image["stem"] == "linear":
        return nn.Conv2d(3, width, patch, patch, bias=False)
    steps, layers, channels = int(math.log2(patch)), [], 3
    for step in range(steps):
        out = width >> (steps - 1 - step)
        if image["stem"] == "convolutional" or step == 0:
            for convolution in range(1 if image["stem"] == "residual" else depth):
                layers += [nn.Conv2d(channels, out, 3, 1 if convolution else 2, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU()]
                channels = out
        else:
            for block in range(depth):
                layers.append(Residual(channels, out, 1 if block else 2))
                channels = out
    return nn.Sequential(*layers, nn.Conv2d(channels, channels, 1))


class CmaClip(nn.Module):
    def __init__(self, c):
        super().__init__()
        image, text, width = c["image"], c["text"], c["joint_width"]
        grid = c["image_size"] // image["patch_size"]
        self.stem = stem(image)
        self.start = nn.Parameter(torch.randn(image["width"]) * image["width"] ** -0.5)
        self.image_positions = nn.Parameter(torch.randn(grid * grid + 1, image["width"]) * 0.02)
        self.before, self.after = nn.LayerNorm(image["width"]), nn.LayerNorm(image["width"])
        self.image_blocks = nn.ModuleList(Block(image["width"], image["heads"], c["dropout"]) for _ in range(image["layers"]))
        self.image_projection = nn.Parameter(torch.randn(image["width"], width) * image["width"] ** -0.5)
        self.tokens = nn.Embedding(c["vocabulary"], text["width"])
        self.text_positions = nn.Parameter(torch.randn(c["context_length"], text["width"]) * 0.01)
        self.text_blocks = nn.ModuleList(Block(text["width"], text["heads"], c["dropout"]) for _ in range(text["layers"]))
        self.text_norm = nn.LayerNorm(text["width"])
        self.text_projection = nn.Parameter(torch.randn(text["width"], width) * text["width"] ** -0.5)
        self.modalities = nn.Parameter(torch.randn(2, width) * 0.02)
        self.fusion = nn.ModuleList(Block(width, c["fusion_heads"], c["dropout"]) for _ in range(c["fusion_layers"]))
        self.fusion_norm = nn.LayerNorm(width)
        self.pooling = nn.ParameterList(nn.Parameter(torch.randn(len(c["classes"]), width) * 0.02) for _ in range(2)) if c["aggregation"] == "task_attention" else None
        self.vectors = nn.ParameterList(nn.Parameter(torch.randn(2, width) * 0.02) for _ in c["classes"])
        self.heads = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(width) if c["head_norm"] else nn.Identity(), nn.Linear(width, c["head_width"]), nn.GELU(), nn.Dropout(c["head_dropout"]), nn.Linear(c["head_width"], n))
            for n in c["classes"])
        self.scale = width ** -0.5 if c["scaled_modality_scores"] else 1.0

    def forward(self, pixels, ids, lengths):
        b, l = ids.shape
        x = self.stem(pixels).flatten(2).transpose(1, 2)
        x = self.before(torch.cat([self.start.expand(b, 1, -1), x], 1) + self.image_positions)
        for block in self.image_blocks:
            x = block(x)
        x = self.after(x) @ self.image_projection + self.modalities[0]
        causal = torch.full((l, l), -math.inf).triu(1)
        t = self.tokens(ids) + self.text_positions[:l]
        for block in self.text_blocks:
            t = block(t, causal)
        t = self.text_norm(t) @ self.text_projection + self.modalities[1]
        p = x.shape[1]
        visible = torch.cat([torch.ones(b, p, dtype=torch.bool), torch.arange(l)[None] < lengths[:, None]], 1)
        mask = torch.zeros(b, 1, 1, p + l).masked_fill(~visible[:, None, None], -math.inf)
        h = torch.cat([x, t], 1)
        for block in self.fusion:
            h = block(h, mask)
        logits = []
        for aggregates, vectors, head in zip(self.aggregates(h, p, visible, lengths), self.vectors, self.heads):
            shares = ((aggregates * vectors).sum(-1) * self.scale).softmax(-1)
            logits.append(head((aggregates * shares[..., None]).sum(1)))
        return logits

    def aggregates(self, h, p, visible, lengths):
        """One [B, 2, D] per task: the class and end token for all, or each task's weighted mean of patches and of tokens."""
        if self.pooling is None:
            return [self.fusion_norm(torch.stack([h[:, 0], h[torch.arange(len(h)), p + lengths - 1]], 1))] * len(self.vectors)
        h, means = self.fusion_norm(h), []
        for vectors, part, seen in zip(self.pooling, (h[:, :p], h[:, p:]), (visible[:, :p], visible[:, p:])):
            scores = (part @ vectors.T).transpose(1, 2).masked_fill(~seen[:, None], -math.inf)
            means.append(scores.softmax(-1) @ part)
        return torch.stack(means, 2).unbind(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("config")
    parser.add_argument("mode", choices=["train", "infer"])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--length", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    c = json.loads(a.config)
    model = CmaClip(c)
    pixels = torch.randn(a.batch, 3, c["image_size"], c["image_size"])
    ids = torch.randint(1, c["vocabulary"], (a.batch, a.length))
    lengths = torch.full((a.batch,), a.length)
    labels = [torch.randint(0, n, (a.batch,)) for n in c["classes"]]
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.05)

    def train():
        loss = sum(F.cross_entropy(x, y, label_smoothing=0.05) for x, y in zip(model(pixels, ids, lengths), labels))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    def infer():
        with torch.inference_mode():
            model(pixels, ids, lengths)

    model.train(a.mode == "train")
    step = train if a.mode == "train" else infer
    for _ in range(3):
        step()
    begin, steps = time.perf_counter(), 0
    while time.perf_counter() - begin < a.seconds:
        step()
        steps += 1
    print(json.dumps({
        "samples_per_second": steps * a.batch / (time.perf_counter() - begin),
        "parameters": sum(p.numel() for p in model.parameters()),
        "version": torch.__version__,
    }))


if __name__ == "__main__":
    main()
