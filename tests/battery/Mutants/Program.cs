// Changes the library one spot at a time and counts what the tests notice. Called by tests/battery/mutate.sh, which builds what this needs:
// Mutants <root of the repository> <folder with the test program> <count> <seed> [folder of the library ...]
// Mutants <root of the repository> <folder with the test program> at <File.cs:line ...>
// Mutants <root of the repository> <folder with the test program> bugs [two digits ...]
using System.Diagnostics;
using System.Globalization;
using LightningSharp.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

var (root, bin) = (Path.GetFullPath(args[0]), Path.GetFullPath(args[1]));
var library = Path.Combine(root, "src", "LightningSharp");
var parse = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: ["NET", "NET10_0", "NET10_0_OR_GREATER"]);
var sources = Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories).Where(file => !file.StartsWith(Path.Combine(library, "build"), StringComparison.Ordinal))
    .Concat(Directory.EnumerateFiles(Path.Combine(root, "artifacts", "obj", "LightningSharp", "release"), "*.cs", SearchOption.AllDirectories).Where(file => !file.EndsWith("AssemblyAttributes.cs", StringComparison.Ordinal)))
    .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), parse, file)).ToList();
var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(file => Path.GetFileName(file).StartsWith("System", StringComparison.Ordinal) || Path.GetFileName(file) is "mscorlib.dll" or "netstandard.dll" or "Microsoft.Win32.Primitives.dll")
    .Concat(Directory.EnumerateFiles(bin, "*.dll").Where(file => Path.GetFileName(file) is "TorchSharp.dll" or "Spectre.Console.dll" or "Spectre.Console.Ansi.dll" || Path.GetFileName(file).StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)))
    .DistinctBy(Path.GetFileName).Select(file => MetadataReference.CreateFromFile(file));
var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
var whole = CSharpCompilation.Create("LightningSharp", sources, references, options);
var resources = Directory.EnumerateFiles(Path.Combine(library, "Report", "Assets")).Select(file => new ResourceDescription("report/" + Path.GetFileName(file), () => File.OpenRead(file), isPublic: true)).ToList();
if (!Emit(whole)) return 2;
var unchanged = File.ReadAllBytes(Path.Combine(bin, "LightningSharp.dll"));

return args[2] switch
{
    "bugs" => Bugs(args[3..]),
    "at" => At(args[3..]),
    _ => Sample(int.Parse(args[2], CultureInfo.InvariantCulture), new Random(int.Parse(args[3], CultureInfo.InvariantCulture)), args.Length > 4 ? args[4..] : [.. Suites.Of.Keys]),
};

// Every seeded bug must turn one of its tests red, and without it they are green.
int Bugs(string[] names)
{
    var bugs = Directory.GetFiles(Path.Combine(root, "tests", "battery"), "*.bug").Order().Select(SeededBug.Read).Where(bug => names.Length == 0 || names.Any(name => bug.Name.StartsWith(name, StringComparison.Ordinal))).ToList();
    var caught = 0;
    foreach (var bug in bugs)
    {
        var suites = Suites.OfBugs[bug.Name[..2]];
        var places = sources.Where(tree => tree.FilePath.StartsWith(library, StringComparison.Ordinal) && bug.IsIn(tree)).ToList();
        if (places is not [var place])
        {
            Console.WriteLine($"{bug.Name}: its text is in {places.Count} files, renew it");
            continue;
        }

        Put(unchanged);
        var before = Red(suites);
        var built = Emit(whole.ReplaceSyntaxTree(place, CSharpSyntaxTree.ParseText(bug.Apply(place), parse, place.FilePath)));
        var after = built ? Red(suites) : null;
        if (before is null && after is not null) caught++;
        Console.WriteLine($"{bug.Name}: {(before is not null ? $"red without the bug: {before}" : !built ? "does not build" : after is null ? "NOT caught" : $"caught by {after}")}");
    }

    Console.WriteLine($"{caught} of {bugs.Count} seeded bugs caught");
    return caught == bugs.Count ? 0 : 1;
}

int Sample(int count, Random random, string[] folders)
{
    var (noticed, tried) = (0, 0);
    var queues = folders.Select(folder => (folder, Mutants(folder, random))).ToList();
    if (!AreGreen(folders)) return 2;
    for (var i = 0; tried < count && queues.Exists(queue => queue.Item2.Count > 0); i++)
    {
        var (folder, mutants) = queues[i % queues.Count];
        if (mutants.Count == 0 || Try(folder, mutants.Dequeue()) is not { } isNoticed) continue;
        tried++;
        if (isNoticed) noticed++;
    }

    Console.WriteLine($"{noticed} of {tried} changes noticed (seed {args[3]})");
    return 0;
}

// Every change of the named lines: to see whether a new test notices what survived.
int At(string[] places)
{
    var found = Suites.Of.Keys.SelectMany(folder => Mutants(folder, null).Where(mutation => places.Any(place => mutation.ToString().StartsWith(place + " ", StringComparison.Ordinal))).Select(mutation => (folder, mutation))).ToList();
    if (!AreGreen(found.Select(entry => entry.folder).Distinct())) return 2;
    var results = found.Select(entry => Try(entry.folder, entry.mutation)).OfType<bool>().ToList();
    Console.WriteLine($"{results.Count(noticed => noticed)} of {results.Count} changes noticed");
    return 0;
}

bool AreGreen(IEnumerable<string> folders)
{
    Put(unchanged);
    foreach (var folder in folders)
    {
        var started = Stopwatch.GetTimestamp();
        if (Red(Suites.Of[folder]) is { } red)
        {
            Console.WriteLine($"{folder}: red without a change: {red}");
            return false;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: green without a change ({Stopwatch.GetElapsedTime(started).TotalSeconds:0} s)"));
    }

    return true;
}

// Whether a change is noticed; null when it does not compile.
bool? Try(string folder, Mutation mutation)
{
    var tree = mutation.Node.SyntaxTree;
    if (!Emit(whole.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(tree.GetRoot().ReplaceNode(mutation.Node, mutation.Replacement.WithTriviaFrom(mutation.Node)), parse)), quiet: true)) return null;
    var by = Red(Suites.Of[folder]);
    Console.WriteLine($"{(by is null ? "SURVIVED" : "noticed ")} {folder}/{mutation}{(by is null ? string.Empty : $"  <- {by}")}");
    return by is not null;
}

Queue<Mutation> Mutants(string folder, Random? random)
{
    var own = Path.Combine(library, folder) + Path.DirectorySeparatorChar;
    var all = sources.Where(tree => tree.FilePath.StartsWith(own, StringComparison.Ordinal)).SelectMany(tree => Mutation.In(tree.GetRoot())).ToArray();
    random?.Shuffle(all);
    return new(all);
}

bool Emit(CSharpCompilation compilation, bool quiet = false)
{
    using var image = new MemoryStream();
    var result = compilation.Emit(image, manifestResources: resources);
    if (!result.Success && !quiet) Console.WriteLine(string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
    if (result.Success) Put(image.ToArray());
    return result.Success;
}

void Put(byte[] image)
{
    foreach (var folder in (string[])[bin, bin.Replace("LightningSharp.Tests", "LightningSharp.Faults", StringComparison.Ordinal)])
    {
        var target = Path.Combine(folder, "LightningSharp.dll");
        File.Delete(target); // a link to the one that was built
        File.WriteAllBytes(target, image);
    }
}

// The first red test of the suites; null when all are green.
string? Red(string[][] suites)
{
    foreach (var suite in suites)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(bin, "LightningSharp.Tests"), [.. suite, "--stop-on-fail", "on"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root })!; // not null: no shell
        var (output, _) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(120_000))
        {
            process.Kill(entireProcessTree: true);
            return "did not end in 120 s";
        }

        if (process.ExitCode != 0) return output.Result.Split('\n').FirstOrDefault(line => line.StartsWith("failed", StringComparison.Ordinal))?[7..] ?? $"exit code {process.ExitCode}";
    }

    return null;
}
