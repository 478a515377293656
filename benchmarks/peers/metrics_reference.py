#!/usr/bin/python3
"""Random predictions with the figures that scikit-learn, SciPy and plain NumPy give for them.

Writes tests/Duet.Tests/Evaluation/reference_metrics.json, to which the tests compare Duet's metrics.
Needs Debian's python3-sklearn:  /usr/bin/python3 benchmarks/peers/metrics_reference.py
"""
import json
import pathlib

import numpy as np
from scipy.stats import binomtest
from sklearn import metrics

BINS = 15
PRECISIONS = (0.5, 0.8, 0.9, 0.95, 1.0)
TARGET = pathlib.Path(__file__).resolve().parents[2] / "tests/Duet.Tests/Evaluation/reference_metrics.json"


def recall_at(scores, right, positives, precision):
    """The definition, threshold by threshold."""
    best = 0.0
    for threshold in np.unique(scores):
        accepted = scores >= threshold
        correct = int((accepted & right).sum())
        if correct / int(accepted.sum()) >= precision:
            best = max(best, correct / positives)
    return best


def calibration(confidence, right):
    error = 0.0
    for index in range(BINS):
        low, high = index / BINS, (index + 1) / BINS
        inside = (confidence <= high) & ((confidence > low) | (index == 0))
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(error)


def keyed(function):
    return {f"{precision:.2f}": function(precision) for precision in PRECISIONS}


def single(generator, name, rows, classes, sharpness, missing=0.0, absent=None):
    truth = generator.integers(0, classes, rows)
    if absent is not None:
        truth[truth == absent] = (absent + 1) % classes
    logits = generator.normal(size=(rows, classes)) + sharpness * np.eye(classes)[truth]
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    probabilities = probabilities.astype(np.float32)
    labels = np.where(generator.random(rows) < missing, -1, truth)

    known = labels >= 0
    y, p = labels[known], probabilities[known].astype(np.float64)
    guess = p.argmax(1)
    confidence, right = p.max(1), guess == y
    onehot = np.eye(classes)[y]
    columns = [c for c in range(classes) if 0 < onehot[:, c].sum() < len(y)]
    present = [c for c in range(classes) if onehot[:, c].any()]
    expected = {
        "n": int(known.sum()),
        "accuracy": metrics.accuracy_score(y, guess),
        "top2": metrics.top_k_accuracy_score(y, p, k=2, labels=range(classes)) if classes > 2 else 1.0,
        "top5": metrics.top_k_accuracy_score(y, p, k=5, labels=range(classes)) if classes > 5 else 1.0,
        "micro_f1": metrics.f1_score(y, guess, average="micro"),
        "weighted_f1": metrics.f1_score(y, guess, average="weighted", zero_division=0),
        "macro_f1": metrics.f1_score(y, guess, average="macro", zero_division=0),
        "macro_precision": metrics.precision_score(y, guess, average="macro", zero_division=0),
        "macro_recall": metrics.recall_score(y, guess, average="macro", zero_division=0),
        **{f"{average}_{name}": score(y, guess, average=average, zero_division=0)
           for average in ("micro", "weighted") for name, score in (("precision", metrics.precision_score), ("recall", metrics.recall_score))},
        "class_f1": metrics.f1_score(y, guess, average=None, labels=range(classes), zero_division=0).tolist(),
        "class_recall_at_precision": [keyed(lambda at, c=c: recall_at(confidence[guess == c], right[guess == c], int((y == c).sum()), at)
                                            if (guess == c).any() and (y == c).any() else 0.0) for c in range(classes)],
        "roc_auc": float(np.mean([metrics.roc_auc_score(onehot[:, c], p[:, c]) for c in columns])),
        "mean_average_precision": float(np.mean([metrics.average_precision_score(onehot[:, c], p[:, c]) for c in present])),
        "nll": float(-np.log(p[np.arange(len(y)), y]).mean()),
        "brier": float(((p - onehot) ** 2).sum(1).mean()),
        "ece": calibration(confidence, right),
        "classwise_ece": float(np.mean([calibration(p[:, c], onehot[:, c]) for c in range(classes)])),
        "recall_at_precision": keyed(lambda at: recall_at(confidence, right, len(y), at)),
        "class_mean_recall_at_precision": keyed(lambda at: float(np.mean(
            [recall_at(confidence[guess == c], right[guess == c], int((y == c).sum()), at) if (guess == c).any() else 0.0 for c in present]))),
        "confusion": metrics.confusion_matrix(y, guess, labels=range(classes)).tolist(),
    }
    other = np.where(generator.random(len(y)) < 0.7, guess, generator.integers(0, classes, len(y))) == y
    first, second = int((right & ~other).sum()), int((~right & other).sum())
    expected["mcnemar"] = {
        "only_first": first,
        "only_second": second,
        "p_value": binomtest(first, first + second).pvalue if first + second else 1.0,
    }
    return case(name, False, classes, probabilities, labels, expected) | {"other_right": other.astype(int).tolist()}


def multi(generator, name, rows, classes, missing=0.0, unused=None):
    truth = (generator.random((rows, classes)) < 0.3).astype(int)
    probabilities = (1 / (1 + np.exp(-(generator.normal(size=truth.shape) + 2.0 * truth - 1.0)))).astype(np.float32)
    if unused is not None:
        # No row has the class and none is given it: scikit-learn counts it as 0.
        truth[:, unused] = 0
        probabilities[:, unused] *= 0.4
    # Coarse scores in one column, so that ties occur.
    probabilities[:, 0] = np.round(probabilities[:, 0], 1)
    labels = np.where(generator.random(truth.shape) < missing, -1, truth)

    p = probabilities.astype(np.float64)
    known = labels >= 0
    columns = [(labels[known[:, c], c], p[known[:, c], c]) for c in range(classes)]
    flat_y, flat_p = np.concatenate([y for y, _ in columns]), np.concatenate([q for _, q in columns])
    rows_known = known.any(1)
    exact = ((labels == (p >= 0.5)) | ~known).all(1)[rows_known]
    expected = {
        "n": int(rows_known.sum()),
        "accuracy": float(exact.mean()),
        **averages(columns, labels, p, missing),
        "class_f1": [metrics.f1_score(y, q >= 0.5, zero_division=0) for y, q in columns],
        "class_recall_at_precision": [keyed(lambda at, y=y, q=q: recall_at(q, y == 1, int(y.sum()), at) if y.any() else 0.0) for y, q in columns],
        "mean_average_precision": float(np.mean([metrics.average_precision_score(y, q) for y, q in columns if y.any()])),
        "micro_average_precision": metrics.average_precision_score(flat_y, flat_p),
        "roc_auc": float(np.mean([metrics.roc_auc_score(y, q) for y, q in columns if 0 < y.sum() < len(y)])),
        "nll": float(metrics.log_loss(flat_y, flat_p)),
        "brier": float(metrics.brier_score_loss(flat_y, flat_p)),
        "ece": calibration(flat_p, flat_y),
        "classwise_ece": float(np.mean([calibration(q, y) for y, q in columns])),
        "recall_at_precision": keyed(lambda at: recall_at(flat_p, flat_y == 1, int(flat_y.sum()), at)),
        "class_mean_recall_at_precision": keyed(lambda at: float(np.mean([recall_at(q, y == 1, int(y.sum()), at) for y, q in columns if y.any()]))),
    }
    return case(name, True, classes, probabilities, labels, expected)


def averages(columns, labels, p, missing):
    """Precision, recall and F1; by scikit-learn's own averages where every label is known, else from its figures of each class."""
    found = {}
    for name, score in (("precision", metrics.precision_score), ("recall", metrics.recall_score), ("f1", metrics.f1_score)):
        per_class = [score(y, q >= 0.5, zero_division=0) for y, q in columns]
        support = [y.sum() for y, _ in columns]
        flat = score(np.concatenate([y for y, _ in columns]), np.concatenate([q for _, q in columns]) >= 0.5, zero_division=0)
        found |= {f"macro_{name}": float(np.mean(per_class)), f"weighted_{name}": float(np.average(per_class, weights=support)), f"micro_{name}": flat}
        if missing == 0:
            found |= {f"{average}_{name}": score(labels, p >= 0.5, average=average, zero_division=0) for average in ("macro", "weighted", "micro")}
    return found


def case(name, multi_label, classes, probabilities, labels, expected):
    return {
        "name": name,
        "multi_label": multi_label,
        "classes": classes,
        "probabilities": [float(np.format_float_positional(value, unique=True)) for value in probabilities.ravel()],
        "labels": labels.ravel().tolist(),
        "expected": expected,
    }


def main():
    generator = np.random.default_rng(20211207)
    cases = [
        single(generator, "binary", 60, 2, 1.0),
        single(generator, "four", 80, 4, 2.0),
        single(generator, "seven-with-missing", 150, 7, 1.5, missing=0.2),
        single(generator, "eight-one-absent", 90, 8, 1.0, absent=3),
        single(generator, "sharp", 70, 6, 6.0),
        multi(generator, "multi", 60, 5),
        multi(generator, "multi-with-missing", 90, 4, missing=0.3),
        multi(generator, "multi-one-unused", 50, 4, unused=2),
    ]
    TARGET.write_text(json.dumps({"bins": BINS, "sklearn": __import__("sklearn").__version__, "cases": cases}, separators=(",", ":")) + "\n")
    print(f"{TARGET}: {len(cases)} cases, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
