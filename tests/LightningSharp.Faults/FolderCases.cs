using LightningSharp.Logging;

namespace LightningSharp.Faults;

/// <summary>Takes run folders as one of several processes that start together.</summary>
internal static class FolderCases
{
    public static int Allocate(string root, int count)
    {
        System.Console.WriteLine("ready");
        System.Console.ReadLine(); // all processes begin at the same moment
        for (var i = 0; i < count; i++) System.Console.WriteLine(RunFolder.Allocate(root).Version);
        return 0;
    }
}
