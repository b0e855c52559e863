namespace LightningSharp.Metrics.Detection;

/// <summary>Matches found boxes to true ones and reads off precision and recall, class by class.</summary>
internal sealed class CocoEvaluation
{
    private static readonly (double Low, double High)[] Areas = [(0, 1e10), (0, 32 * 32), (32 * 32, 96 * 96), (96 * 96, 1e10)];
    private static readonly string[] Sizes = ["", "small", "medium", "large"];
    private readonly double[][][] _preds;
    private readonly double[][][] _target;
    private readonly CocoSettings _settings;
    private readonly Dictionary<(double Class, double Overlap, int Area, int Boxes), (double Precision, double Recall)> _known = [];

    /// <summary>Takes the boxes of each image.</summary>
    /// <param name="preds">Rows of left, top, right, bottom, label, score.</param>
    /// <param name="target">Rows of left, top, right, bottom, label, crowd, area.</param>
    /// <param name="settings">Where to read.</param>
    internal CocoEvaluation(double[][][] preds, double[][][] target, CocoSettings settings)
    {
        (_preds, _target, _settings) = (preds, target, settings);
        Classes = [.. preds.Concat(target).SelectMany(rows => rows).Select(r => r[4]).Distinct().Order()];
    }

    /// <summary>Every class that was found or true, ascending.</summary>
    internal double[] Classes { get; }

    private int Most => _settings.MostBoxes[^1];

    private double[] Groups => _settings.Pooled ? [double.NaN] : Classes; // NaN stands for all classes

    internal IEnumerable<KeyValuePair<string, double>> Summary()
    {
        yield return new("map", Map());
        yield return new("map_50", At(0.5));
        yield return new("map_75", At(0.75));
        for (var a = 1; a < Sizes.Length; a++) yield return new($"map_{Sizes[a]}", Precision(_settings.Overlaps, Groups, a));
        foreach (var boxes in _settings.MostBoxes) yield return new($"mar_{boxes}", Recall(Groups, 0, boxes));
        for (var a = 1; a < Sizes.Length; a++) yield return new($"mar_{Sizes[a]}", Recall(Groups, a, Most));
    }

    internal double Map() => Precision(_settings.Overlaps, Groups, 0);

    internal double[] MapPerClass() => Array.ConvertAll(Classes, c => Precision(_settings.Overlaps, [c], 0));

    internal double[] MarPerClass() => Array.ConvertAll(Classes, c => Recall([c], 0, Most));

    // Not asked for at this overlap: -1.
    private double At(double overlap) => _settings.Overlaps.Contains(overlap) ? Precision([overlap], Groups, 0) : -1;

    private double Precision(double[] overlaps, double[] classes, int area) => Mean(overlaps, classes, area, Most, v => v.Precision);

    private double Recall(double[] classes, int area, int boxes) => Mean(_settings.Overlaps, classes, area, boxes, v => v.Recall);

    private double Mean(double[] overlaps, double[] classes, int area, int boxes, Func<(double Precision, double Recall), double> part)
    {
        var values = overlaps.SelectMany(o => classes.Select(c => part(Of(c, o, area, boxes)))).Where(v => v > -1).ToArray();
        return values.Length == 0 ? -1 : values.Average();
    }

    private (double Precision, double Recall) Of(double label, double overlap, int area, int boxes)
    {
        if (_known.TryGetValue((label, overlap, area, boxes), out var known)) return known;
        var finds = new List<(double Score, bool Hit)>();
        var wanted = 0;
        for (var image = 0; image < _preds.Length; image++) wanted += Match(image, label, overlap, Areas[area], boxes, finds);
        return _known[(label, overlap, area, boxes)] = wanted == 0 ? (-1, -1) : Read([.. finds.OrderByDescending(f => f.Score)], wanted);
    }

    /// <summary>Adds the finds of an image that count, and returns how many true boxes there were to find.</summary>
    private int Match(int image, double label, double overlap, (double Low, double High) area, int boxes, List<(double Score, bool Hit)> finds)
    {
        bool Outside(double size) => size < area.Low || size > area.High;
        bool Belongs(double[] row) => double.IsNaN(label) || row[4] == label;
        var found = _preds[image].Where(Belongs).OrderByDescending(p => p[5]).Take(boxes);
        // True boxes that do not count (crowds, other sizes) come last: they only excuse finds that match nothing else.
        var truths = _target[image].Where(Belongs).Select(t => (Box: t, Skip: t[5] != 0 || Outside(t[6]))).OrderBy(t => t.Skip).ToArray();
        var taken = new bool[truths.Length];
        foreach (var find in found)
        {
            var (best, at) = (Math.Min(overlap, 1 - 1e-10), -1);
            for (var j = 0; j < truths.Length; j++)
            {
                var crowd = truths[j].Box[5] != 0;
                if (taken[j] && !crowd) continue;
                if (at >= 0 && !truths[at].Skip && truths[j].Skip) break;
                var o = Overlap(find, truths[j].Box, crowd);
                if (o >= best) (best, at) = (o, j);
            }

            if (at >= 0) taken[at] = true;
            var skip = at >= 0 ? truths[at].Skip : Outside((find[2] - find[0]) * (find[3] - find[1]));
            if (!skip) finds.Add((find[5], at >= 0));
        }

        return truths.Count(t => !t.Skip);
    }

    private static double Overlap(double[] find, double[] truth, bool crowd)
    {
        var width = Math.Min(find[2], truth[2]) - Math.Max(find[0], truth[0]);
        var height = Math.Min(find[3], truth[3]) - Math.Max(find[1], truth[1]);
        if (width <= 0 || height <= 0) return 0;
        var (common, own) = (width * height, (find[2] - find[0]) * (find[3] - find[1]));
        return common / (crowd ? own : own + ((truth[2] - truth[0]) * (truth[3] - truth[1])) - common);
    }

    /// <summary>The mean precision at the recalls asked for, precision made falling, and the recall reached.</summary>
    private (double Precision, double Recall) Read((double Score, bool Hit)[] finds, int wanted)
    {
        var (recalls, precisions) = (new double[finds.Length], new double[finds.Length]);
        var hits = 0;
        for (var i = 0; i < finds.Length; i++)
        {
            if (finds[i].Hit) hits++;
            (recalls[i], precisions[i]) = ((double)hits / wanted, hits / (i + 1.0));
        }

        for (var i = finds.Length - 2; i >= 0; i--) precisions[i] = Math.Max(precisions[i], precisions[i + 1]);
        double sum = 0;
        var at = 0;
        foreach (var recall in _settings.Recalls)
        {
            while (at < finds.Length && recalls[at] < recall) at++;
            if (at == finds.Length) break;
            sum += precisions[at];
        }

        return (sum / _settings.Recalls.Length, finds.Length == 0 ? 0 : recalls[^1]);
    }
}
