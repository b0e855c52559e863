using System.Globalization;

namespace LightningSharp.Dashboard.Runs;

/// <summary>
/// Which runs the list shows. Words parted by spaces, all of which must hold: plain text is looked for in the run's name;
/// <c>lr=0.1</c>, <c>lr!=0.1</c>, <c>lr&lt;0.1</c>, <c>lr&lt;=0.1</c>, <c>&gt;</c>, <c>&gt;=</c> compare a hyper-parameter, as numbers when both sides are numbers.
/// A name may be given without the groups it is in (<c>lr</c> finds <c>optimizer/lr</c>). A word that is not finished (<c>lr&lt;</c>) holds for runs that have the name.
/// </summary>
internal sealed class RunFilter
{
    private static readonly string[] Operators = ["!=", "<=", ">=", "=", "<", ">"];

    private readonly List<(string Name, string Operator, string Value)> _terms = [];

    internal RunFilter(string text)
    {
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sign = word.AsSpan().IndexOfAny("!=<>");
            var found = sign > 0 ? Array.Find(Operators, candidate => word.AsSpan(sign).StartsWith(candidate, StringComparison.Ordinal)) : null;
            _terms.Add(found is null ? (word, "", "") : (word[..sign], found, word[(sign + found.Length)..]));
        }
    }

    internal bool NeedsHyperParameters => _terms.Exists(term => term.Operator.Length > 0);

    internal bool Holds(string run, IReadOnlyList<KeyValuePair<string, string>> hyperParameters)
    {
        foreach (var (name, sign, value) in _terms)
        {
            if (sign.Length == 0)
            {
                if (!run.Contains(name, StringComparison.OrdinalIgnoreCase)) return false;
            }
            else if (!hyperParameters.Any(pair => IsCalled(pair.Key, name) && Compares(pair.Value, sign, value)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsCalled(string path, string name)
        => path.EndsWith(name, StringComparison.OrdinalIgnoreCase) && (path.Length == name.Length || path[^(name.Length + 1)] == '/');

    private static bool Compares(string have, string sign, string want)
    {
        if (want.Length == 0) return true;
        var difference = Number(have) is { } left && Number(want) is { } right
            ? left.CompareTo(right)
            : string.Compare(have, want, StringComparison.OrdinalIgnoreCase);
        return sign switch
        {
            "=" => difference == 0,
            "!=" => difference != 0,
            "<" => difference < 0,
            "<=" => difference <= 0,
            ">" => difference > 0,
            _ => difference >= 0,
        };
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
