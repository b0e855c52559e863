"""Records added.json beside this file. Wants torch, torchmetrics 1.9 and nltk (for the Porter stemmer): python added.py"""
import json, os, sys, types, warnings
warnings.filterwarnings("ignore")
import torch, torchmetrics
import torchmetrics.classification as C, torchmetrics.image as I, torchmetrics.regression as R, torchmetrics.retrieval as Q, torchmetrics.segmentation as S
import torchmetrics.functional.text.rouge as rouge
from torchmetrics.text.rouge import ROUGEScore
mask = types.ModuleType("pycocotools.mask"); coco = types.ModuleType("pycocotools"); coco.mask = mask
sys.modules.setdefault("pycocotools", coco); sys.modules.setdefault("pycocotools.mask", mask)  # masks are not measured here
import torchmetrics.detection._mean_ap as legacy, torchmetrics.detection as D
legacy._PYCOCOTOOLS_AVAILABLE = True
rouge._split_sentence = lambda text: text.split("\n")  # one sentence per line, as the authors of ROUGE-Lsum have it

CASES = []
def enc(x):
    if isinstance(x, torch.Tensor):
        kind = "f" if x.is_floating_point() else "b" if x.dtype == torch.bool else "i"
        def number(v):
            if kind != "f": return int(v)
            v = float(v)
            return "nan" if v != v else ("inf" if v > 0 else "-inf") if v in (float("inf"), float("-inf")) else float("%.9g" % v)
        return {"t": kind, "s": list(x.shape), "v": [number(v) for v in x.detach().reshape(-1).tolist()]}
    if isinstance(x, (list, tuple)): return [enc(v) for v in x]
    if isinstance(x, dict): return {"d": {str(k): enc(v) for k, v in x.items()}}
    return x
def case(metric, updates, args=None, order=True, tol=None, rename=None, result=None, name=None):
    m = metric(**(args or {}))
    for u in updates: m.update(*u)
    r = m.compute()
    CASES.append({"name": name or metric.__name__, "args": {(rename or {}).get(k, k): v for k, v in (args or {}).items()}, "updates": [enc(list(u)) for u in updates], "expect": enc(result(r) if result else r)})
    if not order: CASES[-1]["order"] = False
    if tol: CASES[-1]["tol"] = tol

torch.manual_seed(11)
N = 12
# equal error rate: exact and binned
b = [(torch.rand(N), torch.randint(2, (N,))) for _ in range(3)]
m = [(torch.randn(N, 3).softmax(1), torch.randint(3, (N,))) for _ in range(3)]
l = [(torch.rand(N, 3), torch.randint(2, (N, 3))) for _ in range(3)]
for t in (None, 20):
    case(C.BinaryEER, b, {"thresholds": t})
    case(C.MulticlassEER, m, {"num_classes": 3, "thresholds": t, "average": None})
    case(C.MultilabelEER, l, {"num_labels": 3, "thresholds": t}); CASES[-1]["args"]["average"] = None  # torchmetrics has no other
ig = [(p, torch.where(torch.rand(N) < .2, torch.full_like(y, -1), y)) for p, y in b]
case(C.BinaryEER, ig, {"ignore_index": -1})
# regression
dist = [(torch.rand(N, 4), torch.rand(N, 4)) for _ in range(3)]
logs = [(a.softmax(1).log(), c.softmax(1).log()) for a, c in dist]
for r in ("mean", "sum", "none"):
    case(R.JensenShannonDivergence, dist, {"reduction": r}, order=r != "none"); case(R.JensenShannonDivergence, logs, {"reduction": r, "log_prob": True}, order=r != "none")
case(R.ContinuousRankedProbabilityScore, [(torch.randn(N, 5), torch.randn(N)) for _ in range(3)])
# retrieval
q = [(torch.rand(N), torch.randint(2, (N,)), torch.randint(4, (N,))) for _ in range(3)]
for a in ({}, {"top_k": 3}, {"aggregation": "median"}, {"empty_target_action": "skip"}): case(Q.RetrievalAUROC, q, a)
# segmentation
oh = [(torch.randint(2, (2, 3, 6, 6)), torch.randint(2, (2, 3, 6, 6))) for _ in range(2)]
for w in ("square", "simple", "linear"):
    for pc in (False, True): case(S.GeneralizedDiceScore, oh, {"num_classes": 3, "per_class": pc, "weight_type": w})
# images: one value per slice, kept values
im = [(lambda a: (a, (a * .8 + .1 * torch.rand_like(a))))(torch.rand(2, 2, 14, 15)) for _ in range(2)]
for r in ("elementwise_mean", "sum", "none"):
    case(I.PeakSignalNoiseRatio, im, {"data_range": 1.0, "reduction": r, "dim": [1, 2, 3]}, order=r != "none")
    case(I.PeakSignalNoiseRatio, im, {"data_range": 2.0, "base": 2.0, "reduction": r, "dim": [2, 3]}, order=r != "none")
    case(I.StructuralSimilarityIndexMeasure, im, {"data_range": 1.0, "reduction": r}, order=r != "none", tol=1e-4)
# ROUGE: sentences by line, the Porter stemmer, other keys
p = [["the cats were sitting on the mats\nthey sat happily and purred", "this is a sentence"], ["hello there, General Kenobi!\nyou are bold ones", "connecting connections connected\nrelational operators"], ["the quick foxes jumped over dogs 3.5%\n\nflying skies", "a b c d e f\nb c a"]]
t = [["there is a cat on the mat\nit sits and purrs happily", "this is another sentence"], ["hello there General Kenobi\nyou are a bold one", "the connection was connected\nrelate the operator"], ["a quick fox jumps over the lazy dog 3.5%\nthe sky is flown", "a b c d e f g\nc b a\nb"]]
many = [(a, [[x, x.replace("a", "the", 1) + "\nindeed it was operational"] for x in c]) for a, c in zip(p, t)]
named = lambda r: {k: v for k, v in r.items()}
for s in (False, True):
    for acc in ("best", "avg"): case(ROUGEScore, many, {"use_stemmer": s, "accumulate": acc}, result=named)
case(ROUGEScore, many, {"use_stemmer": True, "rouge_keys": ("rougeLsum", "rouge3", "rouge1")}, result=named)
# detection
def boxes(n, s=60):
    xy = torch.rand(n, 2) * s; wh = torch.rand(n, 2) * s + 2
    return torch.cat([xy, xy + wh], 1)
def image(n, k, big):
    y = {"boxes": boxes(n) * big, "labels": torch.randint(3, (n,))}
    x = torch.cat([y["boxes"] + torch.randn(n, 4) * 3 * big, boxes(k) * big]); lab = torch.cat([torch.where(torch.rand(n) < .85, y["labels"], (y["labels"] + 1) % 3), torch.randint(4, (k,))])
    x[:, 2:] = torch.maximum(x[:, 2:], x[:, :2] + 1)
    return {"boxes": x, "labels": lab, "scores": torch.rand(n + k)}, y
def shape(u, fmt):
    def one(d):
        v = d["boxes"]; wh = v[:, 2:] - v[:, :2]; at = v[:, :2] if fmt == "xywh" else v[:, :2] + wh / 2
        return {**d, "boxes": torch.cat([at, wh], 1)}
    return [([one(x) for x in ps], [one(y) for y in ys]) for ps, ys in u]
ups = []
for big in (1.0, 0.3, 2.5):
    pairs = [image(n, k, big) for n, k in ((3, 2), (5, 1), (1, 3))]
    ups.append(([x for x, _ in pairs], [y for _, y in pairs]))
CASES_IOU = ("IntersectionOverUnion", "GeneralizedIntersectionOverUnion", "DistanceIntersectionOverUnion", "CompleteIntersectionOverUnion")
def iou(r): # ours are named by metric and class
    first, rest = list(r.items())[0], list(r.items())[1:]
    return {CASES[-1]["name"] if False else iou.name: first[1], **{"class_" + str(int(float(k.split("cl_")[1]))): v for k, v in rest}}
for n in CASES_IOU:
    iou.name = n
    case(getattr(D, n), ups, {"class_metrics": True}, tol=1e-4, result=iou)
    case(getattr(D, n), ups, {"iou_threshold": 0.3}, tol=1e-4, result=iou)
    for f in ("xywh", "cxcywh"): case(getattr(D, n), shape(ups, f), {"box_format": f}, tol=1e-4, result=iou)
def ap(r): return {k: v.float() if k != "classes" else v.long() for k, v in r.items() if not (k.endswith("per_class") and v.dim() == 0) and not (k == "classes" and not ap.classes)}
for a in ({"class_metrics": True}, {"iou_thresholds": [0.3, 0.5, 0.6], "class_metrics": True}, {"rec_thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}, {"max_detection_thresholds": [1, 2, 3], "class_metrics": True}):
    ap.classes = a.get("class_metrics", False)
    def clean(r): return {k: v for k, v in ap(r).items() if ap.classes or not k.endswith("per_class")}
    case(legacy.MeanAveragePrecision, ups, a, tol=1e-4, result=clean)
for f in ("xywh", "cxcywh"):
    ap.classes = False
    case(legacy.MeanAveragePrecision, shape(ups, f), {"box_format": f}, tol=1e-4, result=clean)

table, index = [], {}
for c in CASES:
    k = json.dumps(c["updates"])
    if k not in index: index[k] = len(table); table.append(c["updates"])
    c["updates"] = index[k]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "added.json"), "w") as f:
    dumped = lambda rows: ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows)
    f.write('{"origin":"torchmetrics %s on torch %s (CPU), nltk for stems, inputs drawn with torch.manual_seed; written by added.py",\n"inputs":[\n%s],\n"cases":[\n%s]}\n' % (torchmetrics.__version__, torch.__version__.split("a")[0], dumped(table), dumped(CASES)))
print(len(CASES))
